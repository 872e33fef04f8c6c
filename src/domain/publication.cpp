// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/publication.hpp"

#include "charm/domain/memory.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace charm {

namespace {

/// Juju writes these into every unit databag. The charm must not delete them.
constexpr std::array jujus_own_keys{"egress-subnets", "ingress-address", "private-address"};

bool belongs_to_juju(const std::string& key) {
  return std::find(jujus_own_keys.begin(), jujus_own_keys.end(), key) != jujus_own_keys.end();
}

const Databag& bag_as_read(const Publication& publication, const Snapshot& snapshot) {
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

/// Returns the oldest first.
std::vector<const Publication*> writes_to(const Publication& publication, const History& history) {
  std::vector<const Publication*> writes;
  for (const Performed& done : history.steps()) {
    const auto* step = std::get_if<step::SetDatabags>(&done.step.what);
    if (step == nullptr) {
      continue;
    }
    for (const Publication& one : step->changes) {
      if (one.relation == publication.relation && one.scope == publication.scope) {
        writes.push_back(&one);
      }
    }
  }
  return writes;
}

}  // namespace

Databag current_bag(const Publication& publication, const Snapshot& snapshot) {
  Databag bag = bag_as_read(publication, snapshot);
  for (const Publication* written : writes_to(publication, snapshot.history)) {
    for (const auto& [key, value] : written->data) {
      if (value.empty()) {
        bag.erase(key);
      } else {
        bag[key] = value;
      }
    }
  }
  return bag;
}

Databag databag_changes(const Databag& current, const Databag& wanted) {
  Databag result;
  for (const auto& [key, value] : wanted) {
    const auto found = current.find(key);
    if (found == current.end() || !is_value(found->second, value)) {
      result[key] = value;
    }
  }
  for (const auto& [key, value] : current) {
    if (!wanted.contains(key) && !belongs_to_juju(key)) {
      result[key] = "";
    }
  }
  return result;
}

bool is_written(const Publication& publication, const History& history) {
  return !writes_to(publication, history).empty();
}

std::optional<Step> publish(Concern concern, const std::vector<Publication>& publications,
                            const Snapshot& snapshot) {
  step::SetDatabags step;
  for (const Publication& wanted : publications) {
    const bool written = is_written(wanted, snapshot.history);
    Databag changes = databag_changes(
        written ? current_bag(wanted, snapshot) : bag_as_read(wanted, snapshot), wanted.data);
    if (!changes.empty()) {
      step.changes.push_back({wanted.relation, wanted.scope, std::move(changes)});
    }
  }
  if (step.changes.empty() || snapshot.history.contains(step)) {
    return std::nullopt;
  }
  return Step{concern, std::move(step), {}};
}

}  // namespace charm
