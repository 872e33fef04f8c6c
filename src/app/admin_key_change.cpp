// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/admin_key_change.hpp"

#include "charm/app/admin_key.hpp"
#include "charm/app/databag_changes.hpp"
#include "charm/handlers/peer_relation.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace charm {

namespace {

using keyserver::StoredKey;

/// Nothing, or why the keyserver does not take requests.
using Refusal = std::optional<Status>;

Refusal revoked(const std::string& fingerprint, bool brought) {
  if (brought) {
    return Status{StatusKind::blocked, "admin-key-secret: the keyserver has the admin key " +
                                           fingerprint + " as revoked; bring another one"};
  }
  return Status{StatusKind::blocked, "the keyserver has the admin key " + fingerprint +
                                         " as revoked: run rotate-admin-key on the leader"};
}

Refusal not_stored(const std::string& fingerprint) {
  return Status{StatusKind::waiting, "waiting for hockeypuck to take the admin key " + fingerprint +
                                         ", see juju debug-log"};
}

Refusal refusal(StoredKey found, const std::string& fingerprint, bool brought) {
  switch (found) {
    case StoredKey::present:
      return std::nullopt;
    case StoredKey::revoked:
      return revoked(fingerprint, brought);
    case StoredKey::unknown:
    case StoredKey::absent:
      break;
  }
  return not_stored(fingerprint);
}

Refusal upload(const openpgp::AdminKey& key, bool brought, const World& world) {
  const std::string fingerprint = key.fingerprint();
  spdlog::info("uploading the admin key {}", fingerprint);
  world.add_key(key.public_armor());
  return refusal(world.find_key(fingerprint), fingerprint, brought);
}

/// Asks the keyserver itself: only it knows which configuration and which database it has.
Refusal trial(const openpgp::AdminKey& key, const World& world) {
  constexpr int no_such_key = 404;
  const keyserver::Answer answer = world.try_admin_key(key);
  if (answer.status == no_such_key) {
    return std::nullopt;
  }
  const std::string found =
      answer.status == 0 ? answer.error : "HTTP status " + std::to_string(answer.status);
  return Status{StatusKind::waiting, "waiting for hockeypuck to take requests of the admin key " +
                                         key.fingerprint() + ": " + found +
                                         "; if that lasts, run rotate-admin-key"};
}

/// Why its secret does not give the key; a unit agent that fails is another matter, and thrown. For
/// a moment that happens while the leader puts another key in its place, of which we hear next.
Status unreadable(const AdminKeyReference& reference, const Error& error) {
  const auto* refused = dynamic_cast<const juju::HookToolError*>(&error);
  if (refused != nullptr && !refused->vanished()) {
    throw *refused;
  }
  return {StatusKind::waiting, "the admin key " + reference.fingerprint + " cannot be read: " +
                                   error.what() + "; if that lasts, run rotate-admin-key"};
}

Refusal trial(const AdminKeyReference& reference, const World& world) {
  try {
    return trial(read_admin_key(reference, world.juju), world);
  } catch (const Error& error) {
    return unreadable(reference, error);
  }
}

Refusal ensure(const AdminKeyReference& reference, const World& world) {
  const StoredKey found = world.find_key(reference.fingerprint);
  if (found != StoredKey::absent) {
    return refusal(found, reference.fingerprint, reference.is_brought());
  }
  try {
    return upload(read_admin_key(reference, world.juju), reference.is_brought(), world);
  } catch (const Error& error) {
    return unreadable(reference, error);
  }
}

/// A lost or spoilt secret must not keep the next key out.
RetiredAdminKey retired(const AdminKeyReference& reference, const World& world) {
  RetiredAdminKey key{.fingerprint = reference.fingerprint, .revocation = {}};
  try {
    key.revocation = read_admin_key(reference, world.juju).revocation(today());
  } catch (const Error& error) {
    spdlog::warn("{}", unreadable(reference, error).message);
  }
  return key;
}

void tell_units(const AdminKeys& keys, const Snapshot& snapshot, const World& world) {
  for (const Relation* relation : snapshot.on(PeerRelation::endpoint_name)) {
    const Databag known = relation->local_app_data.value_or(Databag{});
    world.juju.relation_set(relation->id, Scope::app,
                            databag_changes(known, PeerRelation::bag_of(keys, snapshot.unit)));
  }
}

/// Writes to Juju only, which keeps all of it or nothing. An action that fails half-way is kept as
/// well, so that each write leaves a key that works.
AdminKeys changed_over(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const AdminKeyReference& old = *plan.admin_keys.current;
  AdminKeys keys = plan.admin_keys;
  std::erase_if(keys.retired, [&](const RetiredAdminKey& key) {
    return key.fingerprint == plan.next_admin_key->fingerprint;
  });
  if (old.fingerprint != plan.next_admin_key->fingerprint && !old.is_brought()) {
    keys.retired.push_back(retired(old, world));
  }
  keys.current = keep_admin_key(*plan.next_admin_key, world.juju);
  tell_units(keys, snapshot, world);
  forget_admin_key(old, world.juju);
  spdlog::info("the admin key is {} now, it was {}", keys.current->fingerprint, old.fingerprint);
  return keys;
}

AdminKeyOutcome change_over(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const NextAdminKey& next = *plan.next_admin_key;
  const openpgp::AdminKey key = admin_key_from(next.private_key);
  // Also where it is stored: an operator may bring the same key with a longer life.
  Refusal why_not = upload(key, !next.brought_certificate.empty(), world);
  if (!why_not) {
    why_not = trial(key, world);
  }
  if (!why_not) {
    return {.statuses = {}, .keys = changed_over(plan, snapshot, world)};
  }
  AdminKeyOutcome outcome{.statuses = {*why_not}, .keys = {}};
  if (const Refusal lacks = ensure(*plan.admin_keys.current, world)) {
    outcome.statuses.push_back(*lacks);
  }
  return outcome;
}

/// False when the keyserver did not take the revocation.
bool let_go(const RetiredAdminKey& key, const World& world) {
  if (key.revocation.empty()) {
    spdlog::info("dropped the admin key {}", key.fingerprint);
    return true;
  }
  if (world.find_key(key.fingerprint) != StoredKey::revoked) {
    world.add_key(key.revocation);
  }
  const bool is_revoked = world.find_key(key.fingerprint) == StoredKey::revoked;
  spdlog::info("the admin key {} is {}", key.fingerprint,
               is_revoked ? "revoked" : "not revoked yet");
  return is_revoked;
}

AdminKeyOutcome let_go_retired(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (const Refusal why_not = trial(*plan.admin_keys.current, world)) {
    return {.statuses = {*why_not}, .keys = {}};
  }
  AdminKeys keys = plan.admin_keys;
  std::erase_if(keys.retired, [&](const RetiredAdminKey& key) { return let_go(key, world); });
  tell_units(keys, snapshot, world);
  AdminKeyOutcome outcome{.statuses = {}, .keys = keys};
  for (const RetiredAdminKey& key : keys.retired) {
    outcome.statuses.push_back(
        {StatusKind::waiting, "waiting for hockeypuck to take the revocation of the admin key " +
                                  key.fingerprint + ", see juju debug-log"});
  }
  return outcome;
}

}  // namespace

AdminKeyOutcome settle_admin_keys(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (!plan.admin_keys.current) {
    return {};
  }
  if (plan.next_admin_key) {
    return change_over(plan, snapshot, world);
  }
  if (const Refusal lacks = ensure(*plan.admin_keys.current, world)) {
    return {.statuses = {*lacks}, .keys = {}};
  }
  const bool kept_by_juju = !snapshot.new_admin_keys;
  if (snapshot.unit.leader && kept_by_juju && !plan.admin_keys.retired.empty()) {
    return let_go_retired(plan, snapshot, world);
  }
  return {};
}

bool is_taken(const AdminKeyReference& reference, const World& world) {
  return !trial(reference, world);
}

}  // namespace charm
