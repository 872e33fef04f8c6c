// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "databag_text.hpp"
#include "registry.hpp"

#include <algorithm>

namespace charm {

namespace {

constexpr const char* secret_key = "admin-key-secret";
/// The unit that last published as the leader. A different unit can become the leader and lose that
/// role again without a hook in this unit. In between, it may have published other data.
constexpr const char* publisher_key = "published-by";
constexpr const char* fingerprint_key = "admin-key-fingerprint";
constexpr const char* brought_key = "admin-key-brought";
/// Followed by a fingerprint. Juju stores no empty value, so a key that is only dropped has a word
/// as its value.
constexpr std::string_view retired_key = "retired-admin-key-";
constexpr const char* dropped = "dropped";

}  // namespace

AdminKeys peers::admin_keys(const Databag& bag) {
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

Databag peers::bag_of(const AdminKeys& keys, const Unit& publisher) {
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

std::vector<Publication> peers::publications(const AdminKeys& keys, const Snapshot& snapshot) {
  std::vector<Publication> all;
  for (const Relation* relation : snapshot.on(endpoint)) {
    all.push_back(
        {.relation = relation->id, .scope = Scope::app, .data = bag_of(keys, snapshot.unit)});
  }
  return all;
}

std::string peers::publisher(const Snapshot& snapshot) {
  for (const Relation* relation : snapshot.on(endpoint)) {
    if (relation->local_app_data) {
      return std::string(databag::value_of(*relation->local_app_data, publisher_key));
    }
  }
  return {};
}

namespace {

WantedBags wants_of_peers(const Occasion& /*occasion*/) {
  return {.remote_units = true, .local_app = true, .shared_app = true};
}

void learn_peers(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(peers::endpoint)) {
    for (const auto& [name, bag] : relation->remote_units) {
      if (name != snapshot.unit.name) {
        facts.peer_units.push_back(name);
      }
    }
    if (relation->local_app_data) {
      facts.admin_keys = peers::admin_keys(*relation->local_app_data);
    }
  }
  auto& units = facts.peer_units;
  std::sort(units.begin(), units.end(), databag::precedes);
  units.erase(std::unique(units.begin(), units.end()), units.end());
}

void publish_to_peers(const Snapshot& snapshot, const Settings& /*settings*/, const Facts& facts,
                      Plan& plan) {
  if (snapshot.unit.leader && facts.admin_keys.current) {
    const auto all = peers::publications(facts.admin_keys, snapshot);
    plan.publications.insert(plan.publications.end(), all.begin(), all.end());
  }
}

}  // namespace

constexpr RelationHandler hockeypuck_peers{.endpoint = peers::endpoint,
                                           .wants = wants_of_peers,
                                           .learn = learn_peers,
                                           .publish = publish_to_peers};

}  // namespace charm
