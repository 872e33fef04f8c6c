// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace test {

/// An OpenPGP key that every keyserver accepts: Ed25519, one user ID, one subkey.
struct GeneratedKey {
  std::string fingerprint;  ///< In lower case.
  std::string digest;       ///< Computed as SKS and Hockeypuck do.
  std::string packets;
};

/// The keys with these numbers. Each number always gives the same key.
std::vector<GeneratedKey> generated_keys(std::size_t count, std::size_t first = 0);

/// The same key with one more user ID.
GeneratedKey with_another_user_id(std::size_t number);

/// The packets of the keys, one after the other.
std::string packets_of(const std::vector<GeneratedKey>& keys);

}  // namespace test
