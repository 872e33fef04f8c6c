// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "unit_order.hpp"

#include <algorithm>

namespace charm {

std::string_view PeerRelation::endpoint() const noexcept {
  return "hockeypuck-peers";
}

WantedBags PeerRelation::wants() const noexcept {
  return {.remote_units = true};
}

void PeerRelation::learn(const Snapshot& snapshot, const Settings& /*settings*/,
                         Facts& facts) const {
  for (const Relation* relation : snapshot.on(endpoint())) {
    for (const auto& [name, bag] : relation->remote_units) {
      if (name != snapshot.unit.name) {
        facts.peer_units.push_back(name);
      }
    }
  }
  auto& units = facts.peer_units;
  std::sort(units.begin(), units.end(), databag::precedes);
  units.erase(std::unique(units.begin(), units.end()), units.end());
}

}  // namespace charm
