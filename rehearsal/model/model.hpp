// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rehearsal {

using Bag = std::map<std::string, std::string>;
/// Names of the cluster's DNS, each with its addresses.
using HostNames = std::map<std::string, std::vector<std::string>>;
/// The model's own clock: milliseconds since 1970. Only the model moves it.
using Millis = std::int64_t;

constexpr Millis one_second = 1000;
constexpr Millis one_minute = 60 * one_second;

enum class Life { alive, dying };

struct StatusInfo {
  std::string status = "unknown";
  std::string message;
  Millis since = 0;

  bool operator==(const StatusInfo&) const = default;
};

/// A hook that exited non-zero, or whose commit was refused. It blocks all other events except
/// actions until it succeeds or is resolved.
struct FailedHook {
  Event event;
  int attempts = 1;
  Millis retry_at = 0;

  bool operator==(const FailedHook&) const = default;
};

/// The data about one relation that a unit has received.
struct RelationView {
  bool created = false;
  bool broken = false;
  std::map<std::string, std::int64_t>
      members;                   ///< Joined remote units, with the last announced version.
  std::int64_t app_version = 0;  ///< Last announced version of the remote application's databag.
  std::string changed_pending;   ///< The unit whose `changed` must follow its `joined`.

  bool operator==(const RelationView&) const = default;
};

/// The known state of a workload container's Pebble.
struct ContainerView {
  std::string boot_id;        ///< Identity of the Pebble for which pebble-ready was last queued.
  std::string notices_after;  ///< `last-repeated` of the newest notice seen.

  bool operator==(const ContainerView&) const = default;
};

struct WorkloadEvent {
  Event event;
  Millis not_before = 0;

  bool operator==(const WorkloadEvent&) const = default;
};

struct StorageInstance {
  std::string id;  ///< `data/0`
  std::string name;
  std::string location;

  bool operator==(const StorageInstance&) const = default;
};

struct Unit {
  std::string name;
  std::string app;
  Life life = Life::alive;
  int revision = 0;  ///< Revision of the charm in the pod.
  std::string address;
  bool pod = false;           ///< The pod exists.
  bool replace_pod = false;   ///< The pod must be deleted and made again.
  bool stop_skipped = false;  ///< The same, but without a `stop` hook, as when a node is lost.
  bool installed = false;
  bool started = false;
  bool stopped = false;          ///< A dying unit has run `stop`.
  bool upgrade_pending = false;  ///< The pod is new: upgrade-charm is due.
  bool agent_restarted = false;  ///< `start` is due again.
  bool leader_announced = false;
  std::string config_seen;  ///< Fingerprint of the last announced config, trust and address.
  std::optional<Event> queued;
  std::optional<FailedHook> failed;
  std::map<int, RelationView> relations;
  std::vector<StorageInstance> storage;
  std::set<std::string> attached;  ///< IDs of the announced storage.
  std::map<std::string, ContainerView> containers;
  std::vector<WorkloadEvent> workload_events;
  Bag state;
  std::set<std::string> ports;
  StatusInfo status;
  bool status_set = false;  ///< The charm has set its own status.
  StatusInfo agent{.status = "allocating"};
  Millis update_status_due = 0;

  bool operator==(const Unit&) const = default;
};

struct Application {
  std::string name;
  std::string source;  ///< The folder from which the charm was deployed.
  int revision = 0;
  Life life = Life::alive;
  int scale = 1;
  bool trust = false;
  std::map<std::string, ConfigValue> config;  ///< Only the operator's settings.
  std::map<std::string, std::string> resources;
  std::string leader;
  StatusInfo status;
  std::string workload_version;
  std::map<std::string, std::vector<StorageInstance>> volumes;  ///< By unit; outlive the units.
  Charm charm;  ///< Not stored: read from the charm's folder.

  bool operator==(const Application&) const = default;
};

struct RelationEnd {
  std::string app;
  Endpoint endpoint;

  bool operator==(const RelationEnd&) const = default;
};

struct Relation {
  int id = 0;
  Life life = Life::alive;
  std::vector<RelationEnd> ends;         ///< One for a peer relation, else two.
  std::set<std::string> scope;           ///< Units that currently take part.
  std::map<std::string, Bag> unit_bags;  ///< Kept after a unit departs.
  std::map<std::string, Bag> app_bags;
  std::map<std::string, std::int64_t> unit_versions;
  std::map<std::string, std::int64_t> app_versions;

  bool operator==(const Relation&) const = default;
};

struct SecretRevision {
  Bag content;  ///< Plain values.
  bool remove_announced = false;
  Millis created = 0;

  bool operator==(const SecretRevision&) const = default;
};

struct SecretConsumer {
  std::string label;
  int tracked = 0;    ///< 0: the label was set, but nothing was read yet.
  int announced = 0;  ///< Newest revision that a secret-changed announced.

  bool operator==(const SecretConsumer&) const = default;
};

struct SecretGrant {
  int relation = -1;
  std::string target;  ///< An application or a unit.

  bool operator==(const SecretGrant&) const = default;
};

struct Secret {
  std::string id;     ///< 20 characters.
  std::string owner;  ///< An application, a unit, or empty for the model's user.
  std::string name;   ///< Set for a user secret.
  std::string label;
  std::string description = {};
  std::string rotate = "never";  ///< The policy as it was given: nothing is rotated.
  Millis created = 0;
  std::map<int, SecretRevision> revisions;
  std::vector<SecretGrant> grants;
  std::map<std::string, SecretConsumer> consumers;  ///< By unit.

  bool operator==(const Secret&) const = default;

  [[nodiscard]] int latest() const { return revisions.empty() ? 0 : revisions.rbegin()->first; }
};

/// One operation of `run` on a unit.
struct Task {
  int id = 0;
  std::string unit;
  std::string action;
  std::string params = "{}";       ///< JSON, merged with the defaults.
  std::string status = "pending";  ///< pending, running, completed, failed or aborted.
  std::string message;
  std::string results = "{}";  ///< JSON tree of strings.
  std::vector<std::string> log;
  Millis enqueued = 0;
  Millis completed = 0;

  bool operator==(const Task&) const = default;
};

/// A whole Juju model, as a plain value.
struct Model {
  std::string name = "rehearsal";
  std::string uuid;
  std::string juju_version = "3.6.11";
  bool moves_charms = false;  ///< Charms see the model's clock, not the machine's.
  std::uint64_t seed = 1;
  std::uint64_t random = 1;  ///< State of the generator for every choice that Juju leaves open.
  Millis now = 0;
  Millis update_status_interval = 5 * one_minute;
  bool automatically_retry_hooks = true;
  Bag settings;          ///< Options of the model that were set, as text.
  Bag constraints;       ///< Kept to be shown.
  Millis looked_at = 0;  ///< When a command by the name juju last ended, in real time.
  int next_relation = 0;
  int next_storage = 0;
  int next_task = 1;
  int next_address = 1;
  int subnet = 1;  ///< The second number of its addresses: models of one cluster differ in it.
  int next_record = 1;
  std::map<std::string, Application> applications;
  std::map<std::string, Unit> units;
  std::map<int, Relation> relations;
  std::map<std::string, Secret> secrets;
  std::map<int, Task> tasks;
  std::map<std::string, std::string> services;  ///< Extra DNS names, each for one unit.

  bool operator==(const Model&) const = default;

  /// Throws UserError if there is no such application.
  [[nodiscard]] Application& application(const std::string& app);
  [[nodiscard]] const Application& application(const std::string& app) const;
  [[nodiscard]] Unit& unit(const std::string& unit_name);
  [[nodiscard]] const Unit& unit(const std::string& unit_name) const;
  /// Returns the units of an application, ordered by number.
  [[nodiscard]] std::vector<std::string> units_of(const std::string& app) const;
  [[nodiscard]] bool is_leader(const std::string& unit_name) const;

  /// True for Juju 4.0, whose texts and rules differ in places.
  [[nodiscard]] bool juju4() const { return juju_version.rfind("4.", 0) == 0; }
};

/// Returns the application part of a unit's name.
[[nodiscard]] std::string app_of(const std::string& unit);
/// Returns the number of a unit.
[[nodiscard]] int number_of(const std::string& unit);
[[nodiscard]] bool is_unit_name(const std::string& text);
/// Returns `unit-hk-0` for `hk/0`.
[[nodiscard]] std::string unit_tag(const std::string& unit);
/// Returns the tag of a unit, or `application-hk` for an application.
[[nodiscard]] std::string tag_of(const std::string& unit_or_app);

/// Draws from [0, count) and advances the model's generator (splitmix64).
[[nodiscard]] std::uint64_t draw(Model& model, std::uint64_t count);
/// The same with a different generator.
[[nodiscard]] std::uint64_t draw(std::uint64_t& random, std::uint64_t count);

/// The full DNS name of a unit's pod: `hk-0.hk-endpoints.<model>.svc.cluster.local`.
[[nodiscard]] std::string pod_dns_name(const Model& model, const std::string& unit);

/// Returns the model's DNS names as in Kubernetes. They are `<app>` for all its units,
/// `<app>-<n>.<app>-endpoints` for one unit, and the model's services. Each is below
/// `.<model>.svc.cluster.local` and its short forms.
[[nodiscard]] HostNames model_names(const Model& model);

/// Reads a duration in Go's form: `90s`, `1h30m`, `250ms`. Returns nothing for any other text.
[[nodiscard]] std::optional<Millis> parse_duration(const std::string& text);
/// `2026-11-23T01:02:03Z`
[[nodiscard]] std::string format_time(Millis time);
/// `01:02:03`
[[nodiscard]] std::string format_time_of_day(Millis time);
/// Returns the time of the machine's clock.
[[nodiscard]] Millis wall_clock();

}  // namespace rehearsal
