// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace contract {

/// A certificate: an Ed25519 key, one user ID, one Curve25519 subkey.
struct SmallKey {
  /// 40 lower-case hexadecimal digits.
  std::string fingerprint = {};
  /// Its packets, without armor.
  std::string packets = {};
};

/// Makes new keys, some thousand in a second.
std::vector<SmallKey> small_keys(std::size_t count);

/// What a file of these keys holds, from the first to before the last.
std::string packets_of(const std::vector<SmallKey>& keys, std::size_t first, std::size_t last);
std::string packets_of(const std::vector<SmallKey>& keys);

}  // namespace contract
