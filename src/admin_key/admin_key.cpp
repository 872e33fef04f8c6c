// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/admin_key/admin_key.hpp"

#include "admin_key/keyserver_copy.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/publication.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/options/settings.hpp"

#include <algorithm>
#include <utility>

namespace charm::admin_key {

namespace {

openpgp::AdminKey brought_key(const std::string& uri, const Snapshot& snapshot) {
  if (secret_id(uri).empty()) {
    throw InputError("not the URI of a secret: " + uri);
  }
  const auto content = snapshot.secrets.find(uri);
  if (content == snapshot.secrets.end()) {
    throw InputError("not readable, run juju grant-secret " + std::string(secret_id(uri)) + " " +
                     snapshot.unit.app);
  }
  const auto armor = content->second.find(content_key);
  if (armor == content->second.end()) {
    throw InputError("the secret has no private-key");
  }
  return openpgp::AdminKey::from_armor(armor->second, snapshot.now);
}

bool is_in_use(const NextAdminKey& key, const AdminKeys& keys) {
  return keys.current && keys.current->fingerprint == key.fingerprint &&
         keys.current->brought_certificate == key.brought_certificate;
}

bool may_decide(const Snapshot& snapshot) {
  return snapshot.goal == Goal::run && snapshot.unit.leader;
}

/// Returns the peer relation if the application's databag was read, or nullptr.
const Relation* peer_relation(const Snapshot& snapshot) {
  const auto peers = snapshot.on(peers::endpoint);
  return peers.empty() || !peers.front()->local_app_data ? nullptr : peers.front();
}

/// Returns the key that this dispatch has put into use, or nullptr.
const AdminKeyReference* kept_key(const History& history) {
  const Performed* kept = history.last_of<step::KeepAdminKey>();
  return kept == nullptr ? nullptr : std::get_if<AdminKeyReference>(&kept->answer);
}

/// Adds the change that the other units do not know yet.
void take_kept_key(const History& history, AdminKeys& keys) {
  const AdminKeyReference* kept = kept_key(history);
  if (kept == nullptr || keys.current == *kept) {
    return;
  }
  const auto& step = std::get<step::KeepAdminKey>(history.last_of<step::KeepAdminKey>()->step.what);
  std::erase_if(keys.retired,
                [&](const RetiredAdminKey& key) { return key.fingerprint == kept->fingerprint; });
  keys.retired.insert(keys.retired.end(), step.retired.begin(), step.retired.end());
  keys.current = *kept;
}

const NextAdminKey* made_key(const History& history) {
  const Performed* made = history.last_of<step::MakeAdminKey>();
  return made == nullptr ? nullptr : std::get_if<NextAdminKey>(&made->answer);
}

void find_next_key(const Snapshot& snapshot, State& state) {
  const std::string uri = admin_key_secret(snapshot.config);
  if (!may_decide(snapshot) || kept_key(snapshot.history) != nullptr) {
    return;
  }
  if (snapshot.request.rotate_admin_key) {
    const NextAdminKey* made = made_key(snapshot.history);
    state.next = made == nullptr ? std::nullopt : std::optional(*made);
    return;
  }
  if (uri.empty()) {
    return;
  }
  try {
    const openpgp::AdminKey key = brought_key(uri, snapshot);
    NextAdminKey next{.private_key = std::string(key.secret_armor().reveal()),
                      .fingerprint = key.fingerprint(),
                      .brought_certificate = sha256(key.public_armor())};
    if (!is_in_use(next, state.keys)) {
      state.next = std::move(next);
    }
  } catch (const InputError& error) {
    state.refusal = statuses::unusable_admin_key_secret(error.what());
  }
}

/// Whether the leader must act on the current key or its absence, because it is wrong and cannot
/// stay in use.
bool must_decide(const Plan& plan, const Snapshot& snapshot) {
  const AdminKeys& keys = plan.admin_keys;
  if (!admin_key_secret(snapshot.config).empty()) {
    return !keys.current && plan.next_admin_key;
  }
  return !keys.current || keys.current->is_brought();
}

/// Juju keeps the writes of an action even if it fails half-way. Every write therefore leaves a key
/// that works.
Decision publish_kept_key(const Plan& plan, const Snapshot& snapshot) {
  if (auto step =
          publish(Concern::admin_key, peers::publications(plan.admin_keys, snapshot), snapshot)) {
    return {std::move(step), {}};
  }
  const AdminKeys as_read = peers::admin_keys(*peer_relation(snapshot)->local_app_data);
  if (as_read.current && !snapshot.history.contains(step::ForgetAdminKey{*as_read.current})) {
    return do_it(Concern::admin_key, step::ForgetAdminKey{*as_read.current});
  }
  return {};
}

/// Juju did not keep the key, because the unit no longer leads.
bool was_refused(const History& history) {
  return refusal_of(history.last_of<step::KeepAdminKey>()) != nullptr;
}

/// A lost or damaged secret must not prevent the change to the next key.
Decision put_in_use(const Plan& plan, const Snapshot& snapshot) {
  if (was_refused(snapshot.history)) {
    return {};
  }
  const AdminKeyReference& old = *plan.admin_keys.current;
  const NextAdminKey& next = *plan.next_admin_key;
  step::KeepAdminKey keeping{.key = next, .retired = {}};
  if (old.fingerprint != next.fingerprint && !old.is_brought()) {
    if (Decision reading = read(old, snapshot.history); reading.step) {
      return reading;
    }
    RetiredAdminKey retired{.fingerprint = old.fingerprint, .revocation = {}};
    const Performed* asked = snapshot.history.last(step::ReadAdminKey{old});
    if (const auto* key = std::get_if<PrivateKey>(&asked->answer)) {
      retired.revocation =
          openpgp::AdminKey::from_armor(key->armor, snapshot.now).revocation(snapshot.now);
    }
    keeping.retired.push_back(std::move(retired));
  }
  return do_it(Concern::admin_key, std::move(keeping),
               "the admin key is " + next.fingerprint + " now, it was " + old.fingerprint);
}

Decision change_over(const Plan& plan, const Snapshot& snapshot) {
  const NextAdminKey& next = *plan.next_admin_key;
  const openpgp::AdminKey key = openpgp::AdminKey::from_armor(next.private_key, snapshot.now);
  // Uploads the key even if it is stored: an operator may have extended its lifetime.
  Decision decision = upload(key, !next.brought_certificate.empty(), snapshot.history);
  if (is_good(decision)) {
    decision = try_key(next.private_key, next.fingerprint, snapshot.history);
  }
  if (is_good(decision)) {
    return put_in_use(plan, snapshot);
  }
  if (!decision.step) {
    Decision current = ensure(*plan.admin_keys.current, snapshot);
    decision.step = std::move(current.step);
    decision.statuses.insert(decision.statuses.end(), current.statuses.begin(),
                             current.statuses.end());
  }
  return decision;
}

/// Returns the next step for the retired keys that are neither revoked nor dropped yet.
Decision revoke(const std::vector<RetiredAdminKey>& retired, const History& history,
                std::vector<RetiredAdminKey>& remaining) {
  Decision decision;
  for (const RetiredAdminKey& key : retired) {
    if (key.revocation.empty()) {
      continue;
    }
    const step::FindKey question{key.fingerprint};
    const Performed* found = fresh(question, key.fingerprint, history);
    if (found == nullptr) {
      return do_it(Concern::admin_key, question);
    }
    if (std::get<keyserver::StoredKey>(found->answer) == keyserver::StoredKey::revoked) {
      continue;
    }
    const step::UploadKey revoking{key.fingerprint, key.revocation};
    if (!history.contains(revoking)) {
      return do_it(Concern::admin_key, revoking, "revoking the admin key " + key.fingerprint);
    }
    remaining.push_back(key);
    decision.statuses.push_back(statuses::waiting_for_revocation(key.fingerprint));
  }
  return decision;
}

Decision drop_retired(const Plan& plan, const Snapshot& snapshot) {
  const AdminKeyReference& current = *plan.admin_keys.current;
  if (Decision reading = read(current, snapshot.history); !is_good(reading)) {
    return reading;
  }
  if (Decision trial =
          try_key(armor_of(current, snapshot.history), current.fingerprint, snapshot.history);
      !is_good(trial)) {
    return trial;
  }
  AdminKeys keys{.current = current, .retired = {}};
  Decision decision = revoke(plan.admin_keys.retired, snapshot.history, keys.retired);
  if (decision.step) {
    return decision;
  }
  if (auto step = publish(Concern::admin_key, peers::publications(keys, snapshot), snapshot)) {
    return {std::move(step), {}};
  }
  return decision;
}

}  // namespace

State state_of(const Snapshot& snapshot) {
  State state;
  if (const Relation* relation = peer_relation(snapshot)) {
    const AdminKeys as_read = peers::admin_keys(*relation->local_app_data);
    const Publication published{.relation = relation->id, .scope = Scope::app, .data = {}};
    state.keys = is_written(published, snapshot.history)
                     ? peers::admin_keys(current_bag(published, snapshot))
                     : as_read;
    for (const RetiredAdminKey& key : as_read.retired) {
      if (std::find(state.keys.retired.begin(), state.keys.retired.end(), key) ==
          state.keys.retired.end()) {
        state.dropped.push_back(key);
      }
    }
    take_kept_key(snapshot.history, state.keys);
  }
  find_next_key(snapshot, state);
  return state;
}

Decision appoint(const Plan& plan, const Snapshot& snapshot) {
  if (!may_decide(snapshot) || peer_relation(snapshot) == nullptr) {
    return {};
  }
  if (kept_key(snapshot.history) != nullptr) {
    return publish_kept_key(plan, snapshot);
  }
  if (was_refused(snapshot.history)) {
    return {};
  }
  const bool rotates = snapshot.request.rotate_admin_key;
  if (!rotates && !must_decide(plan, snapshot)) {
    return {};
  }
  const NextAdminKey* made = made_key(snapshot.history);
  if (made == nullptr && !plan.next_admin_key) {
    const Unit& unit = snapshot.unit;
    return do_it(Concern::admin_key,
                 step::MakeAdminKey{"Administrator of " + unit.app + " in " + unit.model});
  }
  if (rotates) {
    return {};  // settle() puts it into use once the keyserver accepts its requests.
  }
  step::KeepAdminKey keeping{.key = plan.next_admin_key ? *plan.next_admin_key : *made,
                             .retired = {}};
  if (plan.admin_keys.current) {
    keeping.retired.push_back(
        {.fingerprint = plan.admin_keys.current->fingerprint, .revocation = {}});
  }
  return do_it(Concern::admin_key, std::move(keeping));
}

Decision settle(const Plan& plan, const Snapshot& snapshot) {
  if (!plan.admin_keys.current) {
    return {};
  }
  if (plan.next_admin_key) {
    return change_over(plan, snapshot);
  }
  if (Decision lacking = ensure(*plan.admin_keys.current, snapshot); !is_good(lacking)) {
    return lacking;
  }
  const bool kept_by_juju = kept_key(snapshot.history) == nullptr;
  if (snapshot.unit.leader && kept_by_juju && !plan.admin_keys.retired.empty()) {
    return drop_retired(plan, snapshot);
  }
  return {};
}

}  // namespace charm::admin_key
