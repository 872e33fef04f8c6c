// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/hook_context.hpp"
#include "tests/simulation/world.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace simulation {

enum class Exit { succeeded, failed, killed };

/// The end of one dispatch, before Juju has its writes.
struct Ended {
  rehearsal::Event event;
  Exit exit = Exit::succeeded;
  rehearsal::Changes changes;
  rehearsal::Task task;
  bool action_failed = false;
  std::string error;
  std::optional<std::string> disturbed;  ///< The disturbed door, if a fault was injected.
  bool set_active = false;               ///< The last status of this dispatch is active.
  int writes = 0;                        ///< Effects that change something outside.
};

/// A unit that shares a model, a database and its keys with the other units.
class SimulatedUnit final : public charm::DispatchedUnit {
 public:
  SimulatedUnit(World& world, std::string name);

  [[nodiscard]] Ended dispatch_event(const rehearsal::Event& event, std::optional<Fault> fault);

  /// The admin keys, the same in every process.
  static const charm::openpgp::AdminKey& key_number(std::size_t number);

  charm::juju::CommandResult run(const std::vector<std::string>& argv,
                                 std::string_view input) override;
  charm::pebble::Response send(const charm::pebble::Request& request,
                               std::chrono::milliseconds limit) override;

  /// Runs one effect, or disturbs it. `fail` returns or throws the fault.
  template <typename Act, typename Fail>
  auto affect(const char* door, const std::string& what, Act act, Fail fail);

 private:
  class Doors;

  [[nodiscard]] rehearsal::HookContext context_of(const rehearsal::Event& event);
  void run_charm(const rehearsal::Event& event, const std::string& context_id);
  void share_world();
  void give_back();
  std::optional<Disturbance> next_disturbance(const char* door, const std::string& what);
  void watch_tool(const std::vector<std::string>& argv, std::string_view input);
  void watch_request(const charm::pebble::Request& request);

  World& world_;
  std::string name_;
  rehearsal::HookContext* hook_ = nullptr;
  Ended* ended_ = nullptr;
  std::optional<Fault> fault_;
  int effects_ = 0;
  bool killed_ = false;
  bool told_leader_ = false;
  std::map<std::vector<std::string>, charm::juju::CommandResult> last_answers_;
};

}  // namespace simulation
