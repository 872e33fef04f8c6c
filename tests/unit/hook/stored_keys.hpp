// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/keyserver/client.hpp"

#include <map>
#include <string>

namespace charm {

/// A key as it was last uploaded to a keyserver.
struct StoredAdminKey {
  std::string armor;
  bool revoked = false;
};

/// The keys in a keyserver's database, by fingerprint.
using StoredKeys = std::map<std::string, StoredAdminKey>;

/// Uploads a certificate. Merges as Hockeypuck does: a revocation stays.
void store(StoredKeys& keys, const std::string& armor);

/// Returns the fingerprint in an armored signature.
[[nodiscard]] std::string issuer_of(const std::string& signature);

[[nodiscard]] keyserver::StoredKey found(const StoredKeys& keys, const std::string& fingerprint);

}  // namespace charm
