// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/admin_keys.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/openpgp/admin_key.hpp"

#include <chrono>
#include <string>

namespace charm {

/// The admin keys of the application as its other units know them. Empty without a peer relation.
[[nodiscard]] AdminKeys known_admin_keys(const Snapshot& snapshot);

/// On the leader, reads the key that the option `admin-key-secret` brings out of the secrets of the
/// snapshot, and adds it as the next admin key where it is not the one in use, or why it cannot be
/// one.
void take_brought_key(Snapshot& snapshot);

/// The leader gives Juju the admin key as a secret of the application where there is none yet: the
/// key that an operator brought, else one that the charm makes. It also makes one when an
/// operator's key is in use that the option does not bring any more. Where nobody can be told of it
/// yet (there is no peer relation), this does nothing.
void make_admin_key(Snapshot& snapshot, const World& world);

/// The next admin key from one that the charm makes for this application.
[[nodiscard]] NextAdminKey new_admin_key(const Unit& unit, const World& world);

/// Reads the key from its secret. Throws charm::Error when Juju does not give it, or another one.
[[nodiscard]] openpgp::AdminKey read_admin_key(const AdminKeyReference& reference,
                                               const juju::HookTools& juju);

/// Reads an armored secret key as it is today. Throws openpgp::InputError.
[[nodiscard]] openpgp::AdminKey admin_key_from(const std::string& armor);

/// Gives Juju the key as a secret of the application.
[[nodiscard]] AdminKeyReference keep_admin_key(const NextAdminKey& key,
                                               const juju::HookTools& juju);

/// Takes the secret of a key that is not in use any more from Juju.
void forget_admin_key(const AdminKeyReference& reference, const juju::HookTools& juju);

/// Now, in the seconds of OpenPGP.
[[nodiscard]] std::chrono::sys_seconds today();

}  // namespace charm
