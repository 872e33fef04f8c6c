// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/domain/turn.hpp"
#include "charm/domain/upload_policy.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace charm {

/// The data that hockeypuck-load needs to load keys into a database.
struct KeyLoadPlan {
  std::vector<Directory> directories;
  std::vector<File> files;
  std::int64_t max_key_length = 0;  ///< Bytes. Longer keys are refused.

  bool operator==(const KeyLoadPlan&) const = default;
};

/// The workload as it must be if the keyserver uses this database.
struct WorkloadPlan {
  Database database;  ///< Must answer, and accept writes, before the service starts or restarts.
  std::vector<Directory> directories;
  std::vector<File> files;
  Layer layer;
  std::vector<std::string> obsolete;  ///< Paths that are not needed once this workload runs.
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

/// Where the workload's logs are sent. This does not depend on whether the keyserver can run.
struct LoggingPlan {
  std::map<std::string, LogTarget> targets;  ///< All targets to which Pebble forwards.
  std::optional<PromtailPlan> promtail;      ///< Absent: it must not run or leave files.

  bool operator==(const LoggingPlan&) const = default;
};

enum class PartnerRole {
  peer,   ///< A keyserver of a different operator.
  proxy,  ///< Never dialled, but may dial in for peers.
  unit,   ///< Another unit of this application, with the same database.
};

/// The keyserver draws a partner by weight for each reconciliation it begins. A leader's
/// reconciliations stay with its peers, because the other units dial the leader.
constexpr int weight_of(PartnerRole role) {
  switch (role) {
    case PartnerRole::peer:
      return 100;  // Hockeypuck's default.
    case PartnerRole::proxy:
      return -1;
    case PartnerRole::unit:
      return 20;
  }
  return 0;
}

/// A reconciliation partner as hockeypuck.conf lists it.
struct Partner {
  std::string name;           ///< Name of its table: `peer1`, `proxy1` or `unit1`.
  std::string http_address;   ///< `host:port`
  std::string recon_address;  ///< `host:port`
  PartnerRole role = PartnerRole::peer;

  bool operator==(const Partner&) const = default;
};

/// The partners with which the keyserver reconciles. Only the leader has peers and proxies.
struct ReconPlan {
  std::vector<Partner> partners;
  std::chrono::seconds interval{0};  ///< Time between two reconciliations with one of them.

  bool operator==(const ReconPlan&) const = default;
};

/// What must happen to the workload.
enum class WorkloadGoal {
  leave,  ///< Not enough is known, or an option is wrong: a keyserver keeps running unchanged.
  stop,   ///< It must not run, and no file of ours may remain.
  run,    ///< It must run as one of Plan::workloads describes.
};

/// The desired state, as plain values. next_step() compares it with the Snapshot.
struct Plan {
  std::vector<Publication> publications;
  std::set<int> ports;
  WorkloadGoal workload_goal = WorkloadGoal::leave;
  /// One for each endpoint of the database, in order of preference. The first that answers is used.
  std::vector<WorkloadPlan> workloads;
  UploadPolicy uploads;  ///< The leader keeps it in the database.
  Turn turn;
  std::chrono::seconds tree_settling{};  ///< The longest time until a change reaches the tree.
  Certificates certificates;             ///< Trusted in addition to the system's certificates.
  std::optional<LoggingPlan> logging;    ///< Absent: log forwarding stays as it is.
  bool rotate_log = false;               ///< The keyserver's log file must be emptied.
  /// The current key must be on the keyserver. Retired keys must be removed once it works.
  AdminKeys admin_keys;
  std::optional<NextAdminKey> next_admin_key;  ///< Must replace the current key once it works.
  /// The fingerprints of all administrators of the keyserver: our keys and the operator's.
  std::vector<std::string> admin_fingerprints;
  std::optional<ReconPlan> recon;     ///< Absent: an option is wrong.
  std::vector<Status> statuses;       ///< The unit's status is aggregate() of these.
  std::vector<std::string> warnings;  ///< For the log.

  bool operator==(const Plan&) const = default;
};

}  // namespace charm
