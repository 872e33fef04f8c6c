// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"
#include "charm/openpgp/admin_key.hpp"

#include <string>

/// The keyserver's copy of the admin key. Each function returns the next step to make the copy
/// right, or the statuses that tell why it is not. Pure.
namespace charm::admin_key {

/// Returns the answer if it is about the keyserver that runs now, and later than the last upload of
/// the key. Returns nullptr if the question must be asked.
[[nodiscard]] const Performed* fresh(const Step::What& question, const std::string& fingerprint,
                                     const History& history);

/// Uploads the key once in a dispatch, and asks whether the keyserver has it.
[[nodiscard]] Decision upload(const openpgp::AdminKey& key, bool brought, const History& history);

/// Asks the keyserver itself whether it accepts requests of the key: only the keyserver knows its
/// configuration and its database.
[[nodiscard]] Decision try_key(const std::string& private_key, const std::string& fingerprint,
                               const History& history);

/// Reads the private key. The secret cannot be read for a moment while the leader replaces the key.
[[nodiscard]] Decision read(const AdminKeyReference& reference, const History& history);

/// The armored private key. Valid once read() has succeeded.
[[nodiscard]] const std::string& armor_of(const AdminKeyReference& reference,
                                          const History& history);

/// Makes sure that the keyserver has the current key.
[[nodiscard]] Decision ensure(const AdminKeyReference& reference, const Snapshot& snapshot);

}  // namespace charm::admin_key
