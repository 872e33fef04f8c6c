// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/time_text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pebble {

using TextMap = std::map<std::string, std::string>;

/// A layer or a plan: the entries by section (`services`, `checks`, `log-targets`) and name, with
/// Pebble's own keys. Numbers are numbers, durations have Pebble's form, and empty values are
/// absent.
using Entries = nlohmann::json;

/// Reads a layer's YAML. Throws Refusal that names every key which Pebble or this stand-in does not
/// know.
Entries read_layer(const std::string& label, const std::string& yaml);

/// Adds a layer above others. The `override` of each of its entries decides: `replace` or `merge`.
/// Throws Refusal for an entry that has neither.
void put_on_top(Entries& lower, const Entries& layer, const std::string& label);

/// Throws Refusal for a plan that Pebble does not accept.
void check_plan(const Entries& plan);

/// The plan as YAML.
std::string plan_text(const Entries& plan);

/// The layers of an agent and the plan that they form.
class Plans {
 public:
  using Listener = std::function<void(const Entries& plan)>;

  Plans();
  ~Plans();

  /// Adds a layer at the top, or merges it into the layer with its label. Throws Refusal and then
  /// changes nothing.
  void add(const std::string& label, const std::string& yaml, bool combine);

  [[nodiscard]] const Entries& plan() const { return *plan_; }

  /// Returns the entries of a section; empty if the plan has none.
  [[nodiscard]] const Entries& section(const std::string& name) const;

  /// Calls the listener after every layer, even if the plan is unchanged.
  void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }

 private:
  std::vector<std::pair<std::string, Entries>> layers_;
  std::unique_ptr<Entries> plan_;
  std::vector<Listener> listeners_;
};

/// The settings of a service of the plan, with Pebble's defaults.
struct ServiceSettings {
  std::string command;
  TextMap environment;
  std::string working_dir;
  std::optional<uid_t> user;
  std::optional<gid_t> group;
  bool restarts_on_success = true;
  bool restarts_on_failure = true;
  Duration backoff_delay{500};
  Duration backoff_limit{30'000};
  Duration kill_delay{5000};
};

ServiceSettings service_settings(const Entries& service);

/// Splits a command at spaces, with a shell's quotes and backslashes. Throws Refusal.
std::vector<std::string> split_command(const std::string& command);

}  // namespace rehearsal::pebble
