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

/// One relation, as the hook tools print it. Databags that no handler asks for stay empty. Our own
/// databags may come from Memory, in which a digest replaces a long value.
struct Relation {
  int id = 0;
  std::string endpoint;
  std::string remote_app;
  Databag remote_app_data;
  std::map<std::string, Databag> remote_units;  ///< By unit name; for peers without this unit.
  Databag local_unit_data;
  /// Absent if this unit may not read it. Every unit may read it on the peer relation, and only the
  /// leader on other relations.
  std::optional<Databag> local_app_data;
};

/// The unit in which the charm runs.
struct Unit {
  std::string name;  ///< `hockeypuck-k8s/0`
  std::string app;   ///< `hockeypuck-k8s`
  int number = 0;    ///< The `0` of the name.
  std::string model;
  std::string model_uuid;
  std::string address;  ///< The pod's address; empty while Juju does not know it.
  std::string fqdn;     ///< The pod's stable DNS name inside the cluster.
  bool leader = false;
  /// Juju removes it. It sees no other unit any more, so it does not act as the leader.
  bool leaving = false;
};

/// The state of the workload container, as Pebble (v1 API) reports it.
struct Workload {
  std::string version;  ///< Pebble's version: `v1.26.0`.
  PebblePlan plan;
  std::map<std::string, std::string>
      services;  ///< `active`, `inactive`, `backoff` or `error` by service name.
  std::map<std::string, std::string> files;           ///< Content of the managed files that exist.
  std::map<std::string, std::string> promtail_files;  ///< Content of promtail's existing files.
  std::string trusted_certificates;  ///< The certificates that the charm received, or empty.
  std::string uploads;               ///< The content of `uploads_path`, or empty.
  bool has_key_load = false;         ///< The files of a bulk load exist, finished or not.
  std::uint64_t log_size = 0;        ///< Bytes of the keyserver's log file; 0 without one.
  std::optional<prefix_tree::Rebuild> rebuild;     ///< Set during a rebuild of the prefix tree.
  bool tree_is_closed = false;                     ///< A build that has ended closed the tree.
  std::optional<prefix_tree::Record> tree_record;  ///< The known facts about the prefix tree.
};

/// What Juju wants of this dispatch. Events choose only the goal.
enum class Goal { run, stop };

/// Why there is no workload: Pebble gives no answer, refuses a request, or cannot read a file. Or
/// the hook had no time left to ask.
enum class PebbleFault { silent, refusing, unreadable_file, out_of_time };

/// The request of an action, in addition to the work of every hook.
struct Request {
  bool rotate_admin_key = false;
  /// The reason to rebuild the prefix tree, which follows "rebuilding the prefix tree: ". Empty: no
  /// rebuild is requested.
  std::string rebuild_tree;
};

/// Every input of one dispatch, read once. It leaves out a relation that is being removed.
struct Snapshot {
  Goal goal = Goal::run;
  std::chrono::sys_seconds now{};
  Unit unit;
  std::map<std::string, ConfigValue> config;
  std::vector<Relation> relations;
  std::map<std::string, Databag>
      secrets;  ///< By URI, as the databag or option has it; unreadable secrets are absent.
  std::set<int> open_ports;
  std::optional<Workload> workload;                ///< Absent while Pebble cannot be reached.
  std::string workload_error;                      ///< The reason why it is absent.
  PebbleFault pebble_fault = PebbleFault::silent;  ///< Its kind.
  std::optional<Memory> memory;                    ///< Absent if everything must be read.
  KeyserverHealth keyserver = KeyserverHealth::unreachable;
  Request request;
  History history;
  Databag proxies;  ///< `JUJU_CHARM_*_PROXY` values that are set.

  /// Returns the relations of one endpoint, ordered by ID.
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
