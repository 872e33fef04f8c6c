// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/packet.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace rehearsal::keyserver {

/// Signature types of RFC 9580, section 5.2.1.
namespace signature_type {
inline constexpr int binary = 0x00;
inline constexpr int text = 0x01;
inline constexpr int generic_certification = 0x10;
inline constexpr int positive_certification = 0x13;
inline constexpr int subkey_binding = 0x18;
inline constexpr int primary_key_binding = 0x19;
inline constexpr int direct_key = 0x1F;
inline constexpr int key_revocation = 0x20;
inline constexpr int subkey_revocation = 0x28;
inline constexpr int certification_revocation = 0x30;
}  // namespace signature_type

/// A signature of version 4 or 6, with what its subpackets say.
struct Signature {
  Packet packet = {};
  int version = 0;
  int type = 0;
  int public_key_algorithm = 0;
  int hash_algorithm = 0;
  /// From the version to the end of the hashed subpackets: what the signature signs of itself.
  std::string hashed_part = {};
  /// The first two octets of the digest.
  std::string digest_start = {};
  /// Version 6 only.
  std::string salt = {};
  /// The algorithm's own integers or octets.
  std::string value = {};

  /// Seconds since 1970.
  std::int64_t creation = 0;
  /// Seconds after the signature's creation; nothing: never.
  std::optional<std::int64_t> lifetime = std::nullopt;
  /// Seconds after the key's creation; nothing: never.
  std::optional<std::int64_t> key_lifetime = std::nullopt;
  std::string issuer_key_id = {};
  std::string issuer_fingerprint = {};
  bool primary_user_id = false;
  std::optional<int> revocation_reason = std::nullopt;
  std::optional<unsigned> key_flags = std::nullopt;
  std::string policy_uri = {};
  /// The body of a signature made by a subkey in return (section 5.2.3.34).
  std::string embedded_signature = {};
  bool operator==(const Signature&) const = default;

  /// The earlier of the ends of the signature and of the key it speaks of; nothing: never.
  std::optional<std::int64_t> expiration(std::int64_t key_creation) const;
  bool is_revocation() const;

  bool may_sign_data() const { return key_flags && (*key_flags & 0x02U) != 0; }

  /// A revocation that says the key was never to be trusted: no reason, or compromised.
  bool is_hard_revocation() const;
};

/// Nothing when the signature is of another version, is malformed or does not name its issuer.
std::optional<Signature> parse_signature(const Packet& packet);

}  // namespace rehearsal::keyserver
