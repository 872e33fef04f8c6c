// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/answers.hpp"
#include "charm/domain/databag.hpp"
#include "charm/domain/history.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/memory.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/status.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// One relation as the hook tools tell it. Bags that no handler asks for are left empty. Our own
/// bags may come from Memory, where a long value stands as its digest.
struct Relation {
  int id = 0;
  std::string endpoint;
  std::string remote_app;
  Databag remote_app_data;
  std::map<std::string, Databag> remote_units;  ///< By unit name; for peers without ourselves.
  Databag local_unit_data;
  /// Absent where we may not read it: only the leader may, but of the peer relation every unit.
  std::optional<Databag> local_app_data;
};

/// Who and where we are.
struct Unit {
  std::string name;  ///< `hockeypuck-k8s/0`
  std::string app;   ///< `hockeypuck-k8s`
  int number = 0;    ///< The `0` of the name.
  std::string model;
  std::string model_uuid;
  std::string address;  ///< The pod's address, empty while Juju does not know it.
  std::string fqdn;     ///< The pod's stable DNS name inside the cluster.
  bool leader = false;
};

/// What Pebble (v1 API) reports of the workload container.
struct Workload {
  std::string version;  ///< Pebble's own: `v1.26.0`.
  PebblePlan plan;
  std::map<std::string, std::string>
      services;  ///< `active`, `inactive`, `backoff` or `error` by service name.
  std::map<std::string, std::string> files;           ///< Content of the managed files that exist.
  std::map<std::string, std::string> promtail_files;  ///< The same of promtail's.
  std::string trusted_certificates;  ///< Those that the charm received; empty without any.
  std::uint64_t log_size = 0;        ///< Bytes of the keyserver's log file, 0 where it writes none.
  std::optional<prefix_tree::Rebuild> rebuild;     ///< Of the prefix tree, when one is under way.
  bool tree_is_closed = false;                     ///< By a build that has ended.
  std::optional<prefix_tree::Record> tree_record;  ///< What is known of the prefix tree.
};

/// What Juju wants of this dispatch. Events choose only the goal.
enum class Goal { run, stop };

/// What an action asks for, beyond what every hook does.
struct Request {
  bool rotate_admin_key = false;
  /// Why the prefix tree must be rebuilt, to follow "rebuilding the prefix tree: "; empty: it need
  /// not.
  std::string rebuild_tree;
};

/// Every input of one dispatch, read once. A relation being broken is already left out.
struct Snapshot {
  Goal goal = Goal::run;
  std::chrono::sys_seconds now{};
  Unit unit;
  std::map<std::string, ConfigValue> config;
  std::vector<Relation> relations;
  std::map<std::string, Databag>
      secrets;  ///< By URI as it stands in the databag or option; unreadable ones are absent.
  std::set<int> open_ports;
  std::optional<Workload> workload;  ///< Absent while Pebble cannot be reached.
  std::string workload_error;        ///< Why it is absent, for the log.
  std::optional<Memory> memory;      ///< Absent where everything has to be read.
  KeyserverHealth keyserver = KeyserverHealth::unreachable;
  Request request;
  History history;
  Databag proxies;  ///< `JUJU_CHARM_*_PROXY` values that are set.

  /// Returns the relations of one endpoint, lowest id first.
  [[nodiscard]] std::vector<const Relation*> on(std::string_view endpoint) const {
    std::vector<const Relation*> found;
    for (const Relation& relation : relations) {
      if (relation.endpoint == endpoint) {
        found.push_back(&relation);
      }
    }
    std::ranges::sort(found, {}, &Relation::id);
    return found;
  }
};

}  // namespace charm
