// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/admin_key.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/secret_uri.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/options/settings.hpp"

#include <spdlog/spdlog.h>

namespace charm {

namespace {

/// In the secret that an operator brings, and in ours.
constexpr const char* content_key = "private-key";

std::string text_of(const openpgp::AdminKey& key) {
  const openpgp::Secret armor = key.secret_armor();
  return std::string(armor.reveal());
}

/// Throws Error with what there is to mend.
openpgp::AdminKey brought_key(const std::string& uri, const Snapshot& snapshot) {
  if (secret_id(uri).empty()) {
    throw Error("\"" + uri + "\" is not the URI of a secret");
  }
  const auto content = snapshot.secrets.find(uri);
  if (content == snapshot.secrets.end()) {
    throw Error("the secret cannot be read; run juju grant-secret " + std::string(secret_id(uri)) +
                " " + snapshot.unit.app);
  }
  const auto armor = content->second.find(content_key);
  if (armor == content->second.end()) {
    throw Error("the secret has no private-key");
  }
  return admin_key_from(armor->second);
}

bool is_in_use(const NextAdminKey& key, const AdminKeys& keys) {
  return keys.current && keys.current->fingerprint == key.fingerprint &&
         keys.current->brought_certificate == key.brought_certificate;
}

bool may_decide(const Snapshot& snapshot) {
  return snapshot.goal == Goal::run && snapshot.unit.leader;
}

/// Whether the key in use, or its lack, is not what it should be and cannot go on working
/// meanwhile.
bool must_decide(const Snapshot& snapshot, const AdminKeys& keys) {
  if (!admin_key_secret(snapshot.config).empty()) {
    return !keys.current && snapshot.next_admin_key;
  }
  return !keys.current || keys.current->is_brought();
}

bool can_tell(const Snapshot& snapshot) {
  const auto peers = snapshot.on(PeerRelation::endpoint_name);
  return !peers.empty() && peers.front()->local_app_data;
}

}  // namespace

AdminKeys known_admin_keys(const Snapshot& snapshot) {
  const auto peers = snapshot.on(PeerRelation::endpoint_name);
  if (peers.empty() || !peers.front()->local_app_data) {
    return {};
  }
  return PeerRelation::admin_keys(*peers.front()->local_app_data);
}

void take_brought_key(Snapshot& snapshot) {
  const std::string uri = admin_key_secret(snapshot.config);
  if (!may_decide(snapshot) || uri.empty()) {
    return;
  }
  try {
    const openpgp::AdminKey key = brought_key(uri, snapshot);
    NextAdminKey next{.private_key = text_of(key),
                      .fingerprint = key.fingerprint(),
                      .brought_certificate = sha256(key.public_armor())};
    if (!is_in_use(next, known_admin_keys(snapshot))) {
      snapshot.next_admin_key = std::move(next);
    }
  } catch (const Error& error) {
    snapshot.admin_key_refusal =
        Status{StatusKind::blocked, std::string("admin-key-secret: ") + error.what()};
  }
}

void make_admin_key(Snapshot& snapshot, const World& world) {
  if (!may_decide(snapshot) || !can_tell(snapshot)) {
    return;
  }
  AdminKeys keys = known_admin_keys(snapshot);
  if (!must_decide(snapshot, keys)) {
    return;
  }
  const auto key =
      snapshot.next_admin_key ? *snapshot.next_admin_key : new_admin_key(snapshot.unit, world);
  snapshot.next_admin_key.reset();
  if (keys.current) {
    keys.retired.push_back({.fingerprint = keys.current->fingerprint, .revocation = {}});
    forget_admin_key(*keys.current, world.juju);
  }
  keys.current = keep_admin_key(key, world.juju);
  snapshot.new_admin_keys = std::move(keys);
}

NextAdminKey new_admin_key(const Unit& unit, const World& world) {
  const openpgp::AdminKey key =
      world.new_admin_key("Administrator of " + unit.app + " in " + unit.model);
  spdlog::info("made the admin key {}", key.fingerprint());
  return {.private_key = text_of(key), .fingerprint = key.fingerprint(), .brought_certificate = {}};
}

openpgp::AdminKey read_admin_key(const AdminKeyReference& reference, const juju::HookTools& juju) {
  const Databag content = juju.secret_get(reference.secret);
  const auto armor = content.find(content_key);
  if (armor == content.end()) {
    throw Error("the secret of the admin key has no private-key");
  }
  openpgp::AdminKey key = admin_key_from(armor->second);
  if (key.fingerprint() != reference.fingerprint) {
    throw Error("the secret of the admin key holds another key");
  }
  return key;
}

openpgp::AdminKey admin_key_from(const std::string& armor) {
  return openpgp::AdminKey::from_armor(armor, today());
}

AdminKeyReference keep_admin_key(const NextAdminKey& key, const juju::HookTools& juju) {
  return {.secret = juju.secret_add({{content_key, key.private_key}}),
          .fingerprint = key.fingerprint,
          .brought_certificate = key.brought_certificate};
}

void forget_admin_key(const AdminKeyReference& reference, const juju::HookTools& juju) {
  try {
    juju.secret_remove(reference.secret);
  } catch (const juju::HookToolError& error) {
    // Gone already: what we want.
    if (!error.vanished()) {
      throw;
    }
    spdlog::info("{}", error.what());
  }
}

std::chrono::sys_seconds today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace charm
