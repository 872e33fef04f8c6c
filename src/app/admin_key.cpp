// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/admin_key.hpp"

#include "charm/handlers/peer_relation.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace charm {

namespace {

constexpr const char* content_key = "private-key";

bool has_none(const Relation& peers) {
  return peers.local_app_data && !peers.local_app_data->contains(PeerRelation::fingerprint_key);
}

}  // namespace

void make_admin_key(Snapshot& snapshot, const World& world) {
  const auto peers = snapshot.on(PeerRelation::endpoint_name);
  if (snapshot.goal != Goal::run || !snapshot.unit.leader || peers.empty() ||
      !has_none(*peers.front())) {
    return;
  }
  const openpgp::AdminKey key =
      world.new_admin_key("Administrator of " + snapshot.unit.app + " in " + snapshot.unit.model);
  const openpgp::Secret armor = key.secret_armor();
  snapshot.new_admin_key = {
      .secret = world.juju.secret_add({{content_key, std::string(armor.reveal())}}),
      .fingerprint = key.fingerprint()};
  spdlog::info("made the admin key {}", key.fingerprint());
}

openpgp::AdminKey read_admin_key(const AdminKeyReference& reference, const juju::HookTools& juju) {
  const Databag content = juju.secret_get(reference.secret);
  const auto armor = content.find(content_key);
  if (armor == content.end()) {
    throw Error("the secret of the admin key has no private-key");
  }
  return openpgp::AdminKey::from_armor(
      armor->second, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::vector<Status> ensure_admin_key(const Plan& plan, const World& world) {
  if (!plan.admin_key || world.has_key(plan.admin_key->fingerprint)) {
    return {};
  }
  spdlog::info("uploading the admin key {}", plan.admin_key->fingerprint);
  world.add_key(read_admin_key(*plan.admin_key, world.juju).public_armor());
  if (world.has_key(plan.admin_key->fingerprint)) {
    return {};
  }
  return {{StatusKind::waiting, "waiting for hockeypuck to take the admin key " +
                                    plan.admin_key->fingerprint + ", see juju debug-log"}};
}

}  // namespace charm
