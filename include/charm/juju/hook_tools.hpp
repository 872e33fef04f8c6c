// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/juju/command_runner.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace charm::juju {

/// A hook tool refused or failed. The text has the tool's name and error message, never a value.
class HookToolError : public Error {
 public:
  HookToolError(const std::string& tool, int exit_code, const std::string& message);

  /// The relation, unit or secret does not exist (any more), or this unit may not see it. In a
  /// distributed model that is an expected race, not a fault. Juju 3.6 and 4.0 word it differently.
  [[nodiscard]] bool vanished() const noexcept { return vanished_; }

  /// This unit is not the leader (any more).
  [[nodiscard]] bool not_leader() const noexcept { return not_leader_; }

 private:
  bool vanished_;
  bool not_leader_;
};

/// Removes files with the content of a secret that killed dispatches have left in /tmp or in the
/// charm's directory.
void remove_abandoned_secret_files();

/// The hook tools of Juju 3.6 and 4.0, one function each, without policy. Every call is one
/// process. Every function throws HookToolError on a non-zero exit, and for output that is not the
/// documented JSON. Data is passed on standard input (`--file -`), and as an argument only if the
/// tool has no other way.
class HookTools {
 public:
  explicit HookTools(CommandRunner& runner);

  [[nodiscard]] std::map<std::string, ConfigValue> config_get() const;
  [[nodiscard]] bool is_leader() const;

  [[nodiscard]] std::vector<int> relation_ids(std::string_view endpoint) const;
  [[nodiscard]] std::vector<std::string> relation_list(int relation) const;
  [[nodiscard]] std::string relation_app(int relation) const;  ///< `relation-list --app`
  /// `member` is a unit name for Scope::unit, an application or unit name for Scope::app.
  [[nodiscard]] Databag relation_get(int relation, std::string_view member, Scope scope) const;
  /// Merges `changes` into our databag; an empty value deletes the key.
  void relation_set(int relation, Scope scope, const Databag& changes) const;

  /// Reads the newest revision and makes it the tracked one.
  [[nodiscard]] Databag secret_get(std::string_view uri) const;
  /// Makes a secret of the application and returns its URI. Only the leader may call it. A label
  /// that is already in use fails the hook at its end.
  std::string secret_add(const Databag& content, std::string_view label = {}) const;
  /// Replaces the whole content. Juju 3.6 makes no new revision if the content is the same.
  void secret_set(std::string_view uri, const Databag& content) const;
  void secret_grant(std::string_view uri, int relation) const;
  void secret_remove(std::string_view uri) const;
  /// Removes one revision that no unit reads any more.
  void secret_remove(std::string_view uri, int revision) const;

  /// Returns a value of the unit's state, which Juju keeps and which outlives pods. An absent one
  /// is empty.
  [[nodiscard]] std::string state_get(std::string_view key) const;
  /// Merges `changes` into that state. A value has at most 64 KiB.
  void state_set(const Databag& changes) const;

  [[nodiscard]] std::set<int> opened_ports() const;  ///< TCP only.
  void open_port(int port) const;
  void close_port(int port) const;

  /// Returns the pod's address on the default binding, or empty while Juju knows none.
  [[nodiscard]] std::string bind_address(std::string_view binding) const;

  void status_set(Scope scope, const Status& status) const;
  void application_version_set(std::string_view version) const;

  /// Writes one record; `message` may have several lines. A message that is longer than Linux
  /// accepts as one argument is split. Level is Juju's word: DEBUG, INFO, WARNING or ERROR.
  void log(std::string_view level, std::string_view message) const;

  [[nodiscard]] std::string action_get_json() const;  ///< All parameters as one JSON object.
  void action_set(const std::map<std::string, std::string>& results) const;
  void action_log(std::string_view message) const;
  void action_fail(std::string_view message) const;

 private:
  CommandRunner* runner_;
};

}  // namespace charm::juju
