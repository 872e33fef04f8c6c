// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"
#include "tests/support/fake_juju.hpp"
#include "tests/support/fake_pebble.hpp"
#include "tests/unit/hook/stored_keys.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace charm {

/// What SIGKILL does to a dispatch: nothing of the charm catches it.
struct Killed {};

/// Everything outside that a dispatch can change, as the next one finds it.
struct OutsideState {
  std::map<int, Databag> app_bags;
  std::map<int, Databag> unit_bags;
  std::set<int> ports;
  std::optional<Status> status;
  std::string plan;
  std::string service;
  std::map<std::string, std::string> files;

  bool operator==(const OutsideState&) const = default;
};

inline constexpr const char* hockeypuck_service = "hockeypuck";
inline constexpr int peer_relation = 0;

/// A unit of the charm whose dispatches run in this process, with Juju, Pebble, PostgreSQL and the
/// keyserver answered from memory.
class DispatchedUnit : public juju::CommandRunner, public pebble::Transport {
 public:
  static constexpr int database_relation = 3;
  static constexpr int metrics_relation = 5;

  /// The keys that are made for an application, in this order.
  static const openpgp::AdminKey& admin_key(std::size_t number = 0);

  DispatchedUnit();
  DispatchedUnit(const DispatchedUnit&) = delete;
  DispatchedUnit& operator=(const DispatchedUnit&) = delete;
  ~DispatchedUnit() override;

  /// Adds the database relation with an answer for the servers pg-0 and pg-1, in that order, and
  /// makes pg-0 writable.
  void relate_database();
  void remove_database();
  [[nodiscard]] Databag& database_answer();

  /// Runs one event to its end; writes are committed when it succeeds. True is exit code 0.
  bool dispatch(const std::string& hook = "update-status",
                const std::map<std::string, std::string>& environment = {});
  /// Runs an event of a relation that the unit has: `created`, `changed` or `broken`.
  bool dispatch_relation(int id, const std::string& event);
  /// Runs an action to its end; what it gives is in `juju.action`. False when it failed.
  bool act(const std::string& action);
  /// An event, or an action, killed before its n-th touch of the outside, counted from 0. False
  /// when it came to its end before.
  bool dispatch_killed_at(int touch);
  bool act_killed_at(int touch, const std::string& action);
  /// The same; from its n-th exchange on, Pebble hangs up.
  bool dispatch_losing_pebble_at(int exchange);

  /// What an action does that asks for a new prefix tree. Throws what it throws.
  prefix_tree::Outcome ask_for_rebuild(std::chrono::seconds wait);

  [[nodiscard]] Snapshot observe_now(const std::map<std::string, std::string>& environment = {});

  [[nodiscard]] OutsideState state() const;
  [[nodiscard]] std::string file(std::string_view path) const;  ///< Empty when it does not exist.
  [[nodiscard]] std::string configuration() const;
  /// Whether the keyserver takes requests of the key.
  [[nodiscard]] bool takes(const std::string& fingerprint) const;

  [[nodiscard]] bool takes(const openpgp::AdminKey& key) const { return takes(key.fingerprint()); }

  /// Paths of the files that do not outlive the container.
  [[nodiscard]] std::set<std::string> files_off_storage() const;

  [[nodiscard]] bool builds() const { return pebble.current("prefix-tree-build") == "active"; }

  /// The program of the rebuild comes to its end.
  void end_build(int exit_code = 0);
  /// The keyserver finds its tree damaged and dies with these words, until the tree is gone.
  void damage_tree(const std::string& words);
  /// An operator adds a layer to Pebble's, as `pebble add` does.
  void add_layer(const std::string& label, const Layer& layer);
  /// A line of a service's output.
  void say(const std::string& service, const std::string& words);
  [[nodiscard]] std::string log_text() const;

  [[nodiscard]] Status status() const { return juju.unit_status.value_or(Status{}); }

  juju::CommandResult run(const std::vector<std::string>& argv, std::string_view input) override;
  pebble::Response send(const pebble::Request& request, std::chrono::milliseconds limit) override;

  test::FakeJuju juju;
  test::FakePebble pebble;
  std::map<std::string, postgres::ProbeResult> servers;  ///< By host; others are unreachable.
  std::vector<std::string> probed;                       ///< Hosts, in the order they were asked.
  std::string database = "7/16384";                      ///< Which one the servers have.
  std::int64_t key_count = 0;                            ///< In the database.
  std::int64_t digests = 0;                              ///< In the prefix tree.
  bool slow_build = false;      ///< The rebuild takes longer than a hook waits.
  bool database_fails = false;  ///< Queries fail after a probe that succeeded.
  int counts = 0;               ///< How often all keys were counted.
  bool both_ran = false;        ///< Keyserver and rebuild at once.
  std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
  bool slow_to_start = false;  ///< The keyserver runs and does not answer yet.
  int pauses = 0;
  std::set<std::string> prepared;                ///< Hosts whose database got the block list.
  StoredKeys keys;                               ///< What is in the keyserver.
  std::size_t keys_made = 0;                     ///< For the application, also in vain.
  bool refuses_uploads = false;                  ///< As with a database without room.
  std::map<std::string, std::string> downloads;  ///< By URL; of others nothing comes.
  std::vector<std::string> asked_for;            ///< URLs, in the order they were asked for.
  Egress download_egress;                        ///< Those of the last download.
  std::string last_error;                        ///< Why the last failed dispatch failed.
  std::vector<std::string> arguments;            ///< Of every hook tool that was run.

 private:
  /// What is behind the doors but Juju and Pebble.
  class Outside;
  friend class Outside;

  [[nodiscard]] juju::Context context(const std::map<std::string, std::string>& environment) const;
  void run_to_its_end(const std::map<std::string, std::string>& environment);
  void run_action_to_its_end(const std::string& action);
  template <typename Dispatch>
  bool killed_at(int touch, Dispatch dispatched);
  [[nodiscard]] keyserver::StoredKey find(const std::string& fingerprint) const;
  void add(const std::string& armor);
  [[nodiscard]] KeyserverHealth look() const;
  std::string serve(const Download& wanted, const Egress& egress);
  void touch();
  void run_programs();
  [[nodiscard]] bool is_damaged() const;
  void fail_if_told() const;

  std::string damage_;
  std::optional<int> touches_left_;
  std::optional<int> exchanges_left_;
};

}  // namespace charm
