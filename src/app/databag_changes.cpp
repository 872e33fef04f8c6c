// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/databag_changes.hpp"

#include <algorithm>
#include <array>

namespace charm {

namespace {

/// Juju writes these into every unit databag; they are not ours to delete.
constexpr std::array jujus_own_keys{"egress-subnets", "ingress-address", "private-address"};

bool is_jujus_own(const std::string& key) {
  return std::find(jujus_own_keys.begin(), jujus_own_keys.end(), key) != jujus_own_keys.end();
}

}  // namespace

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

Databag databag_changes(const Databag& current, const Databag& wanted) {
  Databag result;
  for (const auto& [key, value] : wanted) {
    const auto found = current.find(key);
    if (found == current.end() || !is_value(found->second, value)) {
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

}  // namespace charm
