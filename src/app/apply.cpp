// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/apply.hpp"

#include "charm/app/logging.hpp"
#include "charm/app/workload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace charm {

namespace {

/// Juju writes these into every unit databag; they are not ours to delete.
constexpr std::array jujus_own_keys{"egress-subnets", "ingress-address", "private-address"};

bool is_jujus_own(const std::string& key) {
  return std::find(jujus_own_keys.begin(), jujus_own_keys.end(), key) != jujus_own_keys.end();
}

void apply_ports(const Plan& plan, const Snapshot& snapshot, const juju::HookTools& juju) {
  for (const int port : plan.ports) {
    if (!snapshot.open_ports.contains(port)) {
      juju.open_port(port);
    }
  }
  for (const int port : snapshot.open_ports) {
    if (!plan.ports.contains(port)) {
      juju.close_port(port);
    }
  }
}

/// Returns what relation-set must be told to turn `current` into `wanted`; empty values delete.
Databag changes(const Databag& current, const Databag& wanted) {
  Databag result;
  for (const auto& [key, value] : wanted) {
    const auto found = current.find(key);
    if (found == current.end() || found->second != value) {
      result[key] = value;
    }
  }
  for (const auto& [key, value] : current) {
    if (!wanted.contains(key) && !is_jujus_own(key)) {
      result[key] = "";
    }
  }
  return result;
}

const Databag& current_bag(const Publication& publication, const Snapshot& snapshot) {
  static const Databag nothing;
  const auto relation =
      std::find_if(snapshot.relations.begin(), snapshot.relations.end(),
                   [&](const Relation& one) { return one.id == publication.relation; });
  if (relation == snapshot.relations.end()) {
    return nothing;
  }
  if (publication.scope == Scope::unit) {
    return relation->local_unit_data;
  }
  return relation->local_app_data ? *relation->local_app_data : nothing;
}

void publish(const Publication& publication, const Snapshot& snapshot,
             const juju::HookTools& juju) {
  const Databag difference = changes(current_bag(publication, snapshot), publication.data);
  if (difference.empty()) {
    return;
  }
  try {
    juju.relation_set(publication.relation, publication.scope, difference);
  } catch (const juju::HookToolError& error) {
    // Leadership or the relation went while we were at it: the next event finds us in the picture.
    if (!error.vanished() && !error.not_leader()) {
      throw;
    }
    spdlog::info("{}", error.what());
  }
}

/// Log targets come before the keyserver's first line, and a download after the keyserver.
std::vector<Status> bring_about(const Plan& plan, const Snapshot& snapshot, const World& world) {
  std::vector<Status> statuses = apply_log_targets(plan, snapshot, world);
  for (const auto& part :
       {apply_workload(plan, snapshot, world), apply_promtail(plan, snapshot, world)}) {
    statuses.insert(statuses.end(), part.begin(), part.end());
  }
  return statuses;
}

std::vector<Status> try_workload(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (!snapshot.workload) {
    spdlog::debug("no workload: {}", snapshot.workload_error);
    return {};
  }
  try {
    return bring_about(plan, snapshot, world);
  } catch (const pebble::ConnectionError& error) {
    spdlog::warn("{}", error.what());
    return {{StatusKind::waiting, "waiting for Pebble in the hockeypuck container to come back"}};
  } catch (const pebble::PathError& error) {
    spdlog::error("{}", error.what());
    return {{StatusKind::blocked,
             std::string("cannot write to the hockeypuck container: ") + error.what()}};
  } catch (const pebble::ApiError& error) {
    spdlog::error("{}", error.what());
    return {{StatusKind::waiting, std::string("Pebble refused a request: ") + error.what()}};
  }
}

}  // namespace

void apply(const Plan& plan, const Snapshot& snapshot, const World& world) {
  for (const auto& warning : plan.warnings) {
    spdlog::warn("{}", warning);
  }
  apply_ports(plan, snapshot, world.juju);
  std::vector<Status> statuses = plan.statuses;
  const std::vector<Status> found = try_workload(plan, snapshot, world);
  statuses.insert(statuses.end(), found.begin(), found.end());
  for (const auto& publication : plan.publications) {
    publish(publication, snapshot, world.juju);
  }
  // While a unit stops, its status is Juju's to set.
  if (snapshot.goal == Goal::run) {
    world.juju.status_set(Scope::unit, aggregate(statuses));
  }
}

}  // namespace charm
