// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/juju/command_runner.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// A relation as the controller keeps it. The two local bags are what other units see.
struct FakeRelation {
  std::string endpoint;
  std::string remote_app;  ///< Our own application's name makes it a peer relation.
  charm::Databag remote_app_data;
  std::map<std::string, charm::Databag> remote_units;
  charm::Databag local_app_data;
  charm::Databag local_unit_data;
  bool broken = false;  ///< Being broken: not listed any more, still readable.
};

/// A secret of another application, or of our own.
struct FakeSecret {
  std::vector<charm::Databag> revisions;  ///< Newest last.
  bool granted = true;
  std::size_t tracked = 0;  ///< The revision that we read last, 1 is the first.
  bool own = false;         ///< Of our application: its leader may change it.
  std::string label;        ///< Of an own one.
};

struct FakeAction {
  std::string parameters = "{}";  ///< JSON
  std::map<std::string, std::string> results;
  std::vector<std::string> log;
  std::optional<std::string> failure;
};

/// The hook tools of one unit, answered from a model in memory as Juju 3.6 does: argv is parsed as
/// strictly, refusals have its exit codes and words, bags and ports are buffered until commit(),
/// statuses and logs are not.
class FakeJuju final : public charm::juju::CommandRunner {
 public:
  charm::juju::CommandResult run(const std::vector<std::string>& argv,
                                 std::string_view input) override;

  /// The hook ended with 0: its writes reach the model.
  void commit();
  /// The hook failed: its writes are forgotten.
  void rollback();

  [[nodiscard]] int total_calls() const;

  [[nodiscard]] std::string app() const { return unit.substr(0, unit.find('/')); }

  // The model. Tests set it up and look at it.
  std::string unit = "hockeypuck-k8s/0";
  bool leader = true;
  std::map<std::string, charm::ConfigValue> config;
  std::map<int, FakeRelation> relations;
  std::map<std::string, FakeSecret> secrets;  ///< By the last part of the URI.
  std::set<int> ports;
  charm::Databag state;              ///< What Juju keeps for the unit.
  std::string address = "10.1.0.7";  ///< Empty: Juju does not know it yet.
  std::optional<FakeAction> action;  ///< Present while an action runs.
  std::optional<charm::Status> unit_status;
  std::optional<charm::Status> app_status;
  std::string version;
  std::vector<std::pair<std::string, std::string>> log;  ///< Level and text.

  /// Tools that fail in this way, whatever they are asked.
  std::map<std::string, charm::juju::CommandResult> failing;
  std::map<std::string, int> calls;  ///< How often each tool was run.

 private:
  struct Arguments;
  using Tool = std::string (FakeJuju::*)(const Arguments&);

  static Arguments parse(const std::vector<std::string>& argv, std::string_view input);
  std::string dispatch(const Arguments& arguments);

  std::string config_get(const Arguments& arguments);
  std::string is_leader(const Arguments& arguments);
  std::string relation_ids(const Arguments& arguments);
  std::string relation_list(const Arguments& arguments);
  std::string relation_get(const Arguments& arguments);
  std::string relation_set(const Arguments& arguments);
  std::string secret_get(const Arguments& arguments);
  std::string secret_add(const Arguments& arguments);
  std::string secret_set(const Arguments& arguments);
  std::string secret_remove(const Arguments& arguments);
  std::string state_get(const Arguments& arguments);
  std::string state_set(const Arguments& arguments);
  std::string opened_ports(const Arguments& arguments);
  std::string open_port(const Arguments& arguments);
  std::string close_port(const Arguments& arguments);
  std::string network_get(const Arguments& arguments);
  std::string status_set(const Arguments& arguments);
  std::string application_version_set(const Arguments& arguments);
  std::string juju_log(const Arguments& arguments);
  std::string action_get(const Arguments& arguments);
  std::string action_set(const Arguments& arguments);
  std::string action_log(const Arguments& arguments);
  std::string action_fail(const Arguments& arguments);

  int relation_id(const Arguments& arguments) const;
  charm::Databag app_bag(int id, const std::string& member) const;
  charm::Databag unit_bag(int id, const std::string& member) const;
  charm::Databag own_bag(int id, charm::Scope scope) const;
  FakeAction& running_action();
  std::string secret_id(const Arguments& arguments) const;
  void require_leader() const;
  void commit_secrets();

  std::map<std::pair<int, charm::Scope>, charm::Databag> pending_bags_;  ///< "" deletes.
  std::optional<charm::Databag> pending_state_;
  std::map<int, bool> pending_ports_;                  ///< True opens.
  std::map<std::string, FakeSecret> pending_secrets_;  ///< New ones, and new content, by id.
  std::set<std::string> pending_removals_;             ///< Of secrets, by id.
  std::size_t next_secret_ = 0;                        ///< Of ours; ids are not used twice.
};

}  // namespace test
