// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/controller.hpp"
#include "rehearsal/model/journal.hpp"
#include "rehearsal/model/local_machine.hpp"
#include "rehearsal/model/model.hpp"
#include "tests/support/temporary_directory.hpp"

#include <string>
#include <vector>

namespace rehearsal::test {

/// The output and exit code of a hook tool.
struct ToolResult {
  int exit_code = 0;
  std::string out;
  std::string err;

  bool operator==(const ToolResult&) const = default;
};

std::ostream& operator<<(std::ostream& out, const ToolResult& result);

/// A model of charms whose dispatch is a bash script, run as plain processes with the real hook
/// tool program. The script of a unit can be replaced between dispatches.
class BashModel {
 public:
  explicit BashModel(std::uint64_t seed = 1);

  /// Adds an application of `scale` units; nothing runs yet. `metadata` is the rest of
  /// metadata.yaml. Every dispatch runs `script` (bash).
  void deploy(const std::string& app, const std::string& metadata, int scale = 1,
              const std::string& script = {});
  /// Writes one more file of an application's charm. Call it before the first dispatch.
  void add_file(const std::string& app, const std::string& name, const std::string& text);
  int integrate(const std::string& first, const std::string& other);
  /// Replaces the script for all later dispatches of a unit.
  void set_script(const std::string& unit, const std::string& script);

  void settle() { controller_.settle(); }

  void advance(Millis duration) { controller_.advance_to(model_.now + duration); }

  /// Dispatches one event of a unit with a different script.
  DispatchRecord dispatch(const std::string& unit, const Event& event, const std::string& script);
  /// Runs one hook tool in a separate dispatch (update-status by default).
  ToolResult tool(const std::string& unit, const std::string& command, const Event& event = {});

  /// The events dispatched so far, `hk/0 install`.
  [[nodiscard]] std::vector<std::string> events() const { return events_; }

  void forget_events() { events_.clear(); }

  [[nodiscard]] const std::vector<DispatchRecord>& records() const { return records_; }

  [[nodiscard]] const std::vector<LogLine>& log() const { return log_; }

  [[nodiscard]] Model& model() { return model_; }

  [[nodiscard]] Controller& controller() { return controller_; }

  [[nodiscard]] LocalMachine& machine() { return machine_; }

  /// The content of a file in the unit's charm folder; empty if it does not exist.
  [[nodiscard]] std::string charm_file(const std::string& unit, const std::string& name) const;

 private:
  [[nodiscard]] std::filesystem::path charm_folder(const std::string& app) const;
  [[nodiscard]] std::filesystem::path script_file(const std::string& unit) const;
  [[nodiscard]] Journal make_journal();

  ::test::TemporaryDirectory directory_{"hooks"};
  Model model_;
  LocalMachine machine_;
  Journal journal_;
  Controller controller_;
  Agent agent_;
  std::vector<std::string> events_;
  std::vector<DispatchRecord> records_;
  std::vector<LogLine> log_;
};

/// The model of most tests: `hk` (requires db, has peers) with two units, hk/0 leading, and `pg`
/// (provides db) with one. They are integrated as db, and no event is left.
class HookTools {
 public:
  HookTools();

  BashModel world;
  int db = 0;     ///< The relation's ID.
  int peers = 0;  ///< The ID of hk's peer relation.

  /// The results of a tool that succeeds and of a tool that refuses.
  static ToolResult prints(const std::string& out) { return {0, out, ""}; }

  static ToolResult refuses(int exit_code, const std::string& text) {
    return {exit_code, "", "ERROR " + text + "\n"};
  }

  [[nodiscard]] Event db_event(EventKind kind, const std::string& remote_unit = {}) const;
};

}  // namespace rehearsal::test
