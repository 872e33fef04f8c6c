// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "digest.hpp"
#include "public_key.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace charm::openpgp {

/// RFC 4880, section 5.2.1. One that was read may have another value.
enum class SignatureType : std::uint8_t {
  binary = 0x00,
  generic_certification = 0x10,
  persona_certification = 0x11,
  casual_certification = 0x12,
  positive_certification = 0x13,
  subkey_binding = 0x18,
  primary_key_binding = 0x19,
  key_revocation = 0x20,
  subkey_revocation = 0x28,
  certification_revocation = 0x30,
};

/// A signature of version 4, with those of its subpackets that matter to a self-signature.
struct Signature {
  /// The body of its packet.
  Octets body;
  SignatureType type = SignatureType::binary;
  PublicKeyAlgorithm algorithm = PublicKeyAlgorithm::eddsa;
  HashAlgorithm hash = HashAlgorithm::sha512;
  /// From the version to the end of the hashed subpackets: what the signature signs of itself.
  Octets hashed_part;
  /// The algorithm's own integers.
  Octets value;

  std::chrono::sys_seconds created = {};
  /// After `created`; zero: for ever.
  std::chrono::seconds lifetime{0};
  /// After the creation of the key that is signed; zero: for ever.
  std::chrono::seconds key_lifetime{0};
  bool primary_user_id = false;
  std::uint8_t key_flags = 0;
  /// Empty when it does not say.
  Octets issuer_key_id;
  /// The body of the signature by which a subkey that signs agrees (type 0x19).
  Octets embedded_signature;

  [[nodiscard]] bool may_sign_data() const { return (key_flags & 0x02U) != 0; }
};

/// Reads the body of a signature packet (RFC 4880, section 5.2.3). Nothing for another version
/// than 4, as old or new signatures of others may be. Throws InputError.
[[nodiscard]] std::optional<Signature> read_signature(std::string_view body);

/// What a version 4 signature hashes (RFC 4880, section 5.2.4), its own part included.
[[nodiscard]] Octets hashed_octets(std::string_view signed_octets, std::string_view hashed_part);

/// Whether the key made the signature over these octets. False also for hash algorithms that are
/// no longer safe and for a signature of another algorithm than the key's.
[[nodiscard]] bool verifies(const PublicKey& key, const Signature& signature,
                            std::string_view signed_octets);

}  // namespace charm::openpgp
