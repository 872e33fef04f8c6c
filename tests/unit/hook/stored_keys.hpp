// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/keyserver/client.hpp"

#include <map>
#include <string>

namespace charm {

/// A key as it was uploaded to a keyserver last.
struct StoredAdminKey {
  std::string armor;
  bool revoked = false;
};

/// What a keyserver has in its database, by fingerprint.
using StoredKeys = std::map<std::string, StoredAdminKey>;

/// Uploads a certificate. As Hockeypuck does, merges: a revocation stays.
void store(StoredKeys& keys, const std::string& armor);

[[nodiscard]] keyserver::StoredKey found(const StoredKeys& keys, const std::string& fingerprint);

}  // namespace charm
