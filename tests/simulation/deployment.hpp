// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/simulation/sequence.hpp"
#include "tests/simulation/simulated_unit.hpp"
#include "tests/simulation/world.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simulation {

inline constexpr const char* app = "hockeypuck-k8s";
inline constexpr const char* container = "hockeypuck";  ///< And the keyserver's service.

/// The charm as the project's own YAML files describe it.
[[nodiscard]] const rehearsal::Charm& our_charm();

/// The wishes of the operator and the partners. The end of a deployment depends on nothing else.
struct Inputs {
  int units = 1;
  std::string leader = "hockeypuck-k8s/0";
  std::map<std::string, std::string> config;
  std::map<std::string, int> relations;  ///< The variant of the partner's data, by endpoint.
  int primary = 0;                       ///< The number of the server that accepts writes.
  int password = 0;
  bool password_in_secret = true;
  int admin_key = 0;  ///< The number of the operator's key; 0: none. -1: unreadable.
  std::int64_t key_count = 0;

  auto operator<=>(const Inputs&) const = default;
};

/// Everything that users, partners and the keyserver see at the end, by name, without the values
/// that differ in each deployment: addresses, IDs and keys.
using EndState = std::map<std::string, std::string>;

/// One application in one model, with its partners. All time is virtual.
class Deployment {
 public:
  Deployment(const Inputs& inputs, std::uint64_t seed);

  void apply(const Operation& operation);
  /// Dispatches up to this number of due events.
  void run(int events);
  /// Ends all faults and outages.
  void heal();
  /// Dispatches until nothing is due. A failed hook is tried again later.
  void settle();
  /// Lets time pass, with its events.
  void pass(rehearsal::Millis time);
  /// Breaks the invariant if another event of a unit would change anything.
  void expect_no_more_changes();

  [[nodiscard]] const Inputs& inputs() const { return inputs_; }

  [[nodiscard]] EndState end_state() const;

  [[nodiscard]] World& world() { return world_; }

 private:
  /// The state that a dispatch finds.
  struct Before {
    std::string service;
    int starts = 0;
    int builds = 0;
  };

  void relate(const std::string& endpoint, int variant);
  void publish(const std::string& endpoint, int variant);
  void answer_as_provider();
  void choose_servers();
  void bring_admin_key(int which);
  void set_option(const Operation& operation);
  void change_provider(const Operation& operation);
  void disturb_pod(const Operation& operation);
  void enqueue_action(const Operation& operation);
  void scale(int units);

  bool step();
  bool arrange_pods();
  void create_pod(const std::string& unit);
  void replace_pod(const std::string& unit);
  void restart_container(const std::string& unit);
  void drop_dead();
  void dispatch(const std::vector<std::pair<std::string, rehearsal::Event>>& events);
  void conclude(const std::string& unit, Ended ended);
  [[nodiscard]] Before before(const std::string& unit);
  void check(const std::string& unit, const Ended& ended, const Before& before);
  void check_admin_key();
  [[nodiscard]] bool knows_peers(const std::string& name, const rehearsal::Event& event) const;
  [[nodiscard]] std::string normal(std::string text) const;
  [[nodiscard]] std::vector<std::string> units() const;
  [[nodiscard]] SimulatedUnit& pod(int which);
  [[nodiscard]] std::optional<int> relation_on(const std::string& endpoint) const;

  Inputs inputs_;
  World world_;
  std::map<std::string, std::unique_ptr<SimulatedUnit>> pods_;  ///< With their storage.
  std::deque<Fault> faults_;
  bool overlap_ = false;
  bool leadership_moves_ = false;  ///< From one to the other of two hooks that overlap.
  int servers_ = 0;                ///< 0: as they must be.
  bool provider_is_silent_ = false;
  bool secret_is_granted_ = true;
  std::string admin_key_secret_;
  std::string known_fingerprint_;
  int allowed_key_changes_ = 0;  ///< The changes for which an operator asked.
};

}  // namespace simulation
