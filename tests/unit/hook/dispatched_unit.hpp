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

/// The effect of SIGKILL on a dispatch: the charm cannot catch it.
struct Killed {};

/// Everything outside that a dispatch can change, as the next dispatch finds it.
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

/// A unit of the charm whose dispatches run in this process. Juju, Pebble, PostgreSQL and the
/// keyserver are in memory.
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

  /// Adds the database relation with an answer for the servers pg-0 and pg-1, in that order. Makes
  /// pg-0 writable.
  void relate_database();
  void remove_database();
  [[nodiscard]] Databag& database_answer();

  /// Runs one event to its end, and commits its writes if it succeeds. True means exit code 0.
  bool dispatch(const std::string& hook = "update-status",
                const std::map<std::string, std::string>& environment = {});
  /// Runs an event of an existing relation: `created`, `changed` or `broken`.
  bool dispatch_relation(int id, const std::string& event);
  /// Runs an action to its end. `juju.action` has its results. False if it failed.
  bool act(const std::string& action);
  /// Kills an event or an action before its n-th access to the outside, counted from 0. False if it
  /// ended before that.
  bool dispatch_killed_at(int touch);
  bool act_killed_at(int touch, const std::string& action);
  /// The same, but from its n-th exchange on Pebble hangs up.
  bool dispatch_losing_pebble_at(int exchange);
  bool dispatch_out_of_time_at(int exchange);

  /// Requests a new prefix tree as an action does, and throws the same exceptions.
  prefix_tree::Outcome ask_for_rebuild(std::chrono::seconds wait);

  [[nodiscard]] Snapshot observe_now(const std::map<std::string, std::string>& environment = {});

  [[nodiscard]] OutsideState state() const;
  [[nodiscard]] std::string file(std::string_view path) const;  ///< Empty when it does not exist.
  [[nodiscard]] std::string configuration() const;
  /// Whether the keyserver accepts requests of the key.
  [[nodiscard]] bool takes(const std::string& fingerprint) const;

  [[nodiscard]] bool takes(const openpgp::AdminKey& key) const { return takes(key.fingerprint()); }

  /// Paths of the files that do not outlive the container.
  [[nodiscard]] std::set<std::string> files_off_storage() const;

  [[nodiscard]] bool builds() const { return pebble.current("prefix-tree-build") == "active"; }

  /// Ends the program of the rebuild.
  void end_build(int exit_code = 0);
  /// Damages the keyserver's tree. The keyserver exits with this message until the tree is removed.
  void damage_tree(const std::string& words);
  /// Adds a layer as an operator does with `pebble add`.
  void add_layer(const std::string& label, const Layer& layer);
  /// Adds a line to a service's output.
  void say(const std::string& service, const std::string& words);
  [[nodiscard]] std::string log_text() const;

  [[nodiscard]] Status status() const { return juju.unit_status.value_or(Status{}); }

  juju::CommandResult run(const std::vector<std::string>& argv, std::string_view input) override;
  pebble::Response send(const pebble::Request& request, std::chrono::milliseconds limit) override;

  test::FakeJuju juju;
  test::FakePebble pebble;
  std::map<std::string, postgres::ProbeResult> servers;  ///< By host; all others are unreachable.
  std::vector<std::string> probed;                       ///< The probed hosts, in order.
  std::string database = "7/16384";                      ///< The identity of the servers' database.
  std::int64_t key_count = 0;                            ///< Keys in the database.
  std::int64_t digests = 0;     ///< Digests in the prefix tree; negative: not counted yet.
  bool slow_build = false;      ///< The rebuild takes longer than a hook waits.
  bool database_fails = false;  ///< Queries fail after a probe that succeeded.
  bool counting_fails = false;  ///< Only the query that counts all keys fails.
  UploadPolicy uploads;         ///< The policy in the database.
  bool has_tables = false;      ///< The keyserver was seen to serve with the database.
  int kept_uploads = 0;         ///< The number of times that it was checked or changed.
  int counts = 0;               ///< How often the charm asked to count all keys.
  bool both_ran = false;        ///< The keyserver and the rebuild ran at the same time.
  std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
  std::chrono::seconds probe_time{0};  ///< The time that each probe of a server takes.
  bool slow_to_start = false;          ///< The keyserver runs but does not answer yet.
  int pauses = 0;
  std::set<std::string> prepared;                ///< The hosts whose database got the block list.
  StoredKeys keys;                               ///< The keys in the keyserver.
  std::size_t keys_made = 0;                     ///< Keys made for the application, used or not.
  bool refuses_uploads = false;                  ///< Behaves like a full database.
  bool refuses_requests = false;                 ///< Of administrators: answers with 422.
  bool spoils_trees = false;                     ///< Every tree of a rebuild is damaged as well.
  std::map<std::string, std::string> downloads;  ///< Contents by URL; all others fail.
  std::vector<std::string> asked_for;            ///< The requested URLs, in order.
  Egress download_egress;                        ///< The Egress of the last download.
  std::string last_error;                        ///< The error of the last failed dispatch.
  std::vector<std::string> arguments;            ///< The arguments of every hook tool that ran.
  History history;                               ///< The steps of the last hook that succeeded.

 protected:
  /// The implementation of all doors except Juju's and Pebble's.
  class Outside;

 private:
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
  bool time_ends_ = false;  ///< After these exchanges. Else Pebble is lost.
};

}  // namespace charm
