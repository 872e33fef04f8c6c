// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/juju/command_runner.hpp"
#include "rehearsal/model/changes.hpp"

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

/// The hook tools of one unit. The rehearsal's own tools answer, from a model that is made of the
/// public members for each call: argv is parsed as strictly as Juju 3.6 does it, refusals have its
/// exit codes and words; bags, ports, state and secrets are buffered until commit(), statuses and
/// logs are not.
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
  [[nodiscard]] rehearsal::Model model() const;
  void read_back(const rehearsal::Model& model);
  void read_secrets_back(const rehearsal::Model& model);

  rehearsal::Changes changes_;  ///< What the hook has asked for so far.
  int next_secret_ = 1;         ///< Ids are not used twice.
};

}  // namespace test
