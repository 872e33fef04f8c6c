// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/juju/command_runner.hpp"
#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/hook_context.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// A relation as the controller stores it. Other units see the two local databags.
struct FakeRelation {
  std::string endpoint;
  std::string remote_app;  ///< Our own application's name makes it a peer relation.
  charm::Databag remote_app_data;
  std::map<std::string, charm::Databag> remote_units;
  charm::Databag local_app_data;
  charm::Databag local_unit_data;
  bool broken = false;  ///< Being removed: no longer listed, still readable.
};

/// A secret of another application, or this application's.
struct FakeSecret {
  std::vector<charm::Databag> revisions;  ///< Newest last.
  bool granted = true;
  std::size_t tracked = 0;  ///< The revision that this unit last read; the first is 1.
  bool own = false;         ///< This application's: its leader may change it.
  std::string label;        ///< Set for this application's secrets.
};

struct FakeAction {
  std::string parameters = "{}";  ///< JSON
  std::map<std::string, std::string> results;
  std::vector<std::string> log;
  std::optional<std::string> failure;
};

/// Runs one hook tool on a model, and again each time it asks for another file.
[[nodiscard]] charm::juju::CommandResult run_hook_tool(rehearsal::HookContext& context,
                                                       const std::vector<std::string>& argv,
                                                       std::string_view input);

/// The hook tools of one unit. The rehearsal's own tools answer, from a model that each call makes
/// from the public members. They parse argv as strictly as Juju 3.6, and refuse with its exit codes
/// and messages. Databags, ports, state and secrets are buffered until commit(); statuses and logs
/// are not.
class FakeJuju final : public charm::juju::CommandRunner {
 public:
  charm::juju::CommandResult run(const std::vector<std::string>& argv,
                                 std::string_view input) override;

  /// Ends the hook with 0: the model gets its writes.
  void commit();
  /// Fails the hook: its writes are dropped.
  void rollback();

  [[nodiscard]] int total_calls() const;

  [[nodiscard]] std::string app() const { return unit.substr(0, unit.find('/')); }

  // The model. Tests set it up and check it.
  std::string unit = "hockeypuck-k8s/0";
  bool leader = true;
  std::map<std::string, charm::ConfigValue> config;
  std::map<int, FakeRelation> relations;
  std::map<std::string, FakeSecret> secrets;  ///< By the last part of the URI.
  std::set<int> ports;
  charm::Databag state;              ///< The unit's state in Juju.
  std::string address = "10.1.0.7";  ///< Empty: Juju does not know it yet.
  std::optional<FakeAction> action;  ///< Present while an action runs.
  std::optional<charm::Status> unit_status;
  std::optional<charm::Status> app_status;
  std::string version;
  std::vector<std::pair<std::string, std::string>> log;  ///< Level and text.

  /// Tools that fail in this way for any arguments.
  std::map<std::string, charm::juju::CommandResult> failing;
  std::map<std::string, int> calls;  ///< The number of runs of each tool.

 private:
  [[nodiscard]] rehearsal::Model model() const;
  void read_back(const rehearsal::Model& model);
  void read_secrets_back(const rehearsal::Model& model);

  rehearsal::Changes changes_;  ///< The writes of the hook so far.
  std::uint64_t random_ = 1;    ///< For IDs of secrets.
};

}  // namespace test
