// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/packet.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace rehearsal::keyserver {

/// Public-key algorithms (RFC 9580, section 9.1) of which signatures are verified.
namespace public_key_algorithm {
inline constexpr int rsa = 1;
inline constexpr int rsa_sign_only = 3;
inline constexpr int ecdsa = 19;
inline constexpr int eddsa_legacy = 22;
inline constexpr int ed25519 = 27;
}  // namespace public_key_algorithm

/// A primary key or a subkey.
struct PublicKey {
  Packet packet = {};
  int version = 0;
  /// Seconds since 1970.
  std::int64_t creation = 0;
  int algorithm = 0;
  int bit_length = 0;
  /// Hockeypuck's name of the elliptic curve; empty for other algorithms.
  std::string curve = {};
  /// The part of the body that only the algorithm understands.
  std::string material = {};
  /// Lower-case hexadecimal: 40 digits for version 4, 64 for version 6.
  std::string fingerprint = {};
  bool operator==(const PublicKey&) const = default;

  /// The 16 digits of the fingerprint that make the key ID.
  std::string key_id() const;
  /// "rsa2048", "eddsa_Curve25519", …: Hockeypuck's name of the algorithm.
  std::string algorithm_name() const;
  /// "(4)eddsa_Curve25519/1026bb…": how Hockeypuck 2.3 names a key in its answers to uploads.
  std::string qualified_fingerprint() const;
};

/// Nothing when the key is not of version 4 or 6, or of an algorithm nobody knows: a keyserver
/// passes over such keys.
std::optional<PublicKey> parse_public_key(const Packet& packet);

/// The octets that stand for the key in a fingerprint or a signature (RFC 9580, section 5.2.4).
std::string hashed_form(const PublicKey& key);

}  // namespace rehearsal::keyserver
