// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "remote_text.hpp"
#include "unit_order.hpp"

#include <algorithm>

namespace charm {

namespace {

/// In the application's databag: where the admin key is kept.
constexpr const char* secret_key = "admin-key-secret";

void learn_admin_key(const Relation& relation, Facts& facts) {
  if (!relation.local_app_data) {
    return;
  }
  AdminKeyReference key{
      .secret = std::string(databag::value_of(*relation.local_app_data, secret_key)),
      .fingerprint =
          std::string(databag::value_of(*relation.local_app_data, PeerRelation::fingerprint_key))};
  if (!key.secret.empty() && !key.fingerprint.empty()) {
    facts.admin_key = std::move(key);
  }
}

}  // namespace

std::string_view PeerRelation::endpoint() const noexcept {
  return endpoint_name;
}

WantedBags PeerRelation::wants() const noexcept {
  return {.remote_units = true, .local_app = true, .shared_app = true};
}

void PeerRelation::learn(const Snapshot& snapshot, const Settings& /*settings*/,
                         Facts& facts) const {
  for (const Relation* relation : snapshot.on(endpoint())) {
    for (const auto& [name, bag] : relation->remote_units) {
      if (name != snapshot.unit.name) {
        facts.peer_units.push_back(name);
      }
    }
    learn_admin_key(*relation, facts);
  }
  if (snapshot.new_admin_key) {
    facts.admin_key = snapshot.new_admin_key;
  }
  auto& units = facts.peer_units;
  std::sort(units.begin(), units.end(), databag::precedes);
  units.erase(std::unique(units.begin(), units.end()), units.end());
}

void PeerRelation::publish(const Snapshot& snapshot, const Settings& /*settings*/,
                           const Facts& facts, Plan& plan) const {
  if (!snapshot.unit.leader || !facts.admin_key) {
    return;
  }
  for (const Relation* relation : snapshot.on(endpoint())) {
    plan.publications.push_back({.relation = relation->id,
                                 .scope = Scope::app,
                                 .data = {{secret_key, facts.admin_key->secret},
                                          {fingerprint_key, facts.admin_key->fingerprint}}});
  }
}

}  // namespace charm
