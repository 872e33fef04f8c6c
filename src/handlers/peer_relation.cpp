// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "databag_text.hpp"
#include "registry.hpp"

#include <algorithm>

namespace charm {

namespace {

constexpr const char* secret_key = "admin-key-secret";
/// The unit that last published as the leader. Leadership can go to another unit and come back
/// without a hook here, and in between that unit may have published something else.
constexpr const char* publisher_key = "published-by";
constexpr const char* fingerprint_key = "admin-key-fingerprint";
constexpr const char* brought_key = "admin-key-brought";
/// Followed by a fingerprint. Juju keeps no empty value, so a key that is only dropped has a word.
constexpr std::string_view retired_key = "retired-admin-key-";
constexpr const char* dropped = "dropped";

}  // namespace

AdminKeys PeerRelation::admin_keys(const Databag& bag) {
  AdminKeys keys;
  AdminKeyReference current{
      .secret = std::string(databag::value_of(bag, secret_key)),
      .fingerprint = std::string(databag::value_of(bag, fingerprint_key)),
      .brought_certificate = std::string(databag::value_of(bag, brought_key))};
  if (!current.secret.empty() && !current.fingerprint.empty()) {
    keys.current = std::move(current);
  }
  for (const auto& [key, value] : bag) {
    if (key.starts_with(retired_key)) {
      keys.retired.push_back({.fingerprint = key.substr(retired_key.size()),
                              .revocation = value == dropped ? std::string() : value});
    }
  }
  return keys;
}

Databag PeerRelation::bag_of(const AdminKeys& keys, const Unit& publisher) {
  Databag bag = {{publisher_key, publisher.name}};
  if (keys.current) {
    bag[secret_key] = keys.current->secret;
    bag[fingerprint_key] = keys.current->fingerprint;
    if (keys.current->is_brought()) {
      bag[brought_key] = keys.current->brought_certificate;
    }
  }
  for (const RetiredAdminKey& key : keys.retired) {
    bag[std::string(retired_key) + key.fingerprint] =
        key.revocation.empty() ? dropped : key.revocation;
  }
  return bag;
}

std::string PeerRelation::publisher(const Snapshot& snapshot) {
  for (const Relation* relation : snapshot.on(endpoint_name)) {
    if (relation->local_app_data) {
      return std::string(databag::value_of(*relation->local_app_data, publisher_key));
    }
  }
  return {};
}

std::string_view PeerRelation::endpoint() const noexcept {
  return endpoint_name;
}

WantedBags PeerRelation::wants(const Occasion& occasion) const {
  return {.remote_units = occasion.snapshot.unit.leader, .local_app = true, .shared_app = true};
}

void PeerRelation::learn(const Snapshot& snapshot, const Settings& /*settings*/,
                         Facts& facts) const {
  for (const Relation* relation : snapshot.on(endpoint())) {
    for (const auto& [name, bag] : relation->remote_units) {
      if (name != snapshot.unit.name) {
        facts.peer_units.push_back(name);
      }
    }
    if (relation->local_app_data) {
      facts.admin_keys = admin_keys(*relation->local_app_data);
    }
  }
  auto& units = facts.peer_units;
  std::sort(units.begin(), units.end(), databag::precedes);
  units.erase(std::unique(units.begin(), units.end()), units.end());
}

void PeerRelation::publish(const Snapshot& snapshot, const Settings& /*settings*/,
                           const Facts& facts, Plan& plan) const {
  if (!snapshot.unit.leader || !facts.admin_keys.current) {
    return;
  }
  for (const Relation* relation : snapshot.on(endpoint())) {
    plan.publications.push_back({.relation = relation->id,
                                 .scope = Scope::app,
                                 .data = bag_of(facts.admin_keys, snapshot.unit)});
  }
}

const RelationHandler& peer_relation() noexcept {
  static const PeerRelation handler;
  return handler;
}

}  // namespace charm
