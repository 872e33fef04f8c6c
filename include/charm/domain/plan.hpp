// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace charm {

/// What hockeypuck-load needs to load keys into a database.
struct KeyLoadPlan {
  std::vector<Directory> directories;
  std::vector<File> files;
  std::int64_t max_key_length = 0;  ///< Bytes: longer keys are refused.

  bool operator==(const KeyLoadPlan&) const = default;
};

/// The workload as it must be if the keyserver uses this database.
struct WorkloadPlan {
  Database database;  ///< Must answer, and accept writes, before the service is (re)started.
  std::vector<Directory> directories;
  std::vector<File> files;
  Layer layer;
  std::vector<std::string> obsolete;  ///< Paths that nothing needs any more once this runs.
  KeyLoadPlan key_load;

  bool operator==(const WorkloadPlan&) const = default;
};

/// promtail as it must run next to the keyserver.
struct PromtailPlan {
  Download binary;
  std::vector<Directory> directories;
  std::vector<File> files;
  Layer layer;

  bool operator==(const PromtailPlan&) const = default;
};

/// Where the workload's logs go. Does not depend on whether the keyserver can run.
struct LoggingPlan {
  std::map<std::string, LogTarget> targets;  ///< All that Pebble forwards to.
  std::optional<PromtailPlan> promtail;      ///< Absent: it must not run and leaves nothing.

  bool operator==(const LoggingPlan&) const = default;
};

/// What the prefix tree of this unit must be.
struct TreePlan {
  /// It must hold every key, because the unit reconciles. Otherwise its content is not looked at.
  bool complete = false;
  std::chrono::seconds settling{};  ///< So long a change may take to reach the tree.

  bool operator==(const TreePlan&) const = default;
};

/// A reconciliation partner as it stands in hockeypuck.conf.
struct Partner {
  std::string name;           ///< Of its table: `peer1`, the first external peer, or `proxy1`.
  std::string http_address;   ///< `host:port`
  std::string recon_address;  ///< The same.
  bool is_proxy = false;      ///< Never dialled, but it may dial in with the calls of others.

  bool operator==(const Partner&) const = default;
};

/// With whom the leader's keyserver reconciles.
struct ReconPlan {
  std::vector<Partner> partners;
  std::chrono::seconds interval{0};  ///< From one reconciliation to the next, with one of them.

  bool operator==(const ReconPlan&) const = default;
};

/// What is to become of the workload.
enum class WorkloadGoal {
  leave,  ///< Not enough is known, or an option is wrong: what runs keeps running as it is.
  stop,   ///< It must not run, and no file of ours may be left.
  run,    ///< It must run as one of Plan::workloads says.
};

/// The desired state, as plain values. next_step() compares it with the Snapshot.
struct Plan {
  std::vector<Publication> publications;
  std::set<int> ports;
  WorkloadGoal workload_goal = WorkloadGoal::leave;
  /// One for each endpoint of the database, in order of preference; the first that answers wins.
  std::vector<WorkloadPlan> workloads;
  TreePlan tree;
  Certificates certificates;           ///< To be trusted, besides those of the system.
  std::optional<LoggingPlan> logging;  ///< Absent: it stays as it is.
  bool rotate_log = false;             ///< The keyserver's log file must be emptied.
  /// The one in use must be on the keyserver; those retired must go, once it works.
  AdminKeys admin_keys;
  std::optional<NextAdminKey> next_admin_key;  ///< Must be used instead, once it works.
  /// Of all who may administrate the keyserver: our keys and the operator's.
  std::vector<std::string> admin_fingerprints;
  std::optional<ReconPlan> recon;     ///< Absent: an option is wrong.
  std::vector<Status> statuses;       ///< The unit's status is aggregate() of these.
  std::vector<std::string> warnings;  ///< For the log.

  bool operator==(const Plan&) const = default;
};

}  // namespace charm
