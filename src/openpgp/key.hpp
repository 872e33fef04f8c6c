// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cryptography.hpp"
#include "packet.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace charm::openpgp {

/// Public-key algorithms (RFC 4880, section 9.1) with which the charm signs and verifies. A
/// signature that was read may have another value.
enum class PublicKeyAlgorithm : std::uint8_t { rsa = 1, rsa_sign_only = 3, eddsa = 22 };

/// Whether the code of an algorithm is one of these.
[[nodiscard]] bool is_supported(std::uint8_t algorithm);

/// A public key or subkey of version 4.
struct PublicKey {
  static constexpr std::size_t fingerprint_size = 20;

  /// The body of its packet.
  Octets body;
  std::chrono::sys_seconds created = {};
  PublicKeyAlgorithm algorithm = PublicKeyAlgorithm::eddsa;
  /// The end of the body, whose form depends on the algorithm.
  Octets material;
  Octets fingerprint;

  [[nodiscard]] std::string_view key_id() const { return std::string_view(fingerprint).substr(12); }
};

/// Reads the public part at the front of a key packet's body (RFC 4880, section 5.5.2). Throws
/// InputError for another version or an algorithm that is not supported.
[[nodiscard]] PublicKey read_public_key(OctetReader& reader);

[[nodiscard]] PublicKey public_key(std::chrono::sys_seconds created, PublicKeyAlgorithm algorithm,
                                   std::string_view material);

/// The form in which a key is hashed (RFC 4880, section 5.2.4).
[[nodiscard]] Octets hashed_form(const PublicKey& key);

/// Whether the key made the algorithm's part of a signature. Throws InputError if the part is
/// malformed.
[[nodiscard]] bool verifies(const PublicKey& key, std::string_view signature, HashAlgorithm hash,
                            std::string_view digest);

/// A secret key or subkey without passphrase.
struct SecretKey {
  PublicKey key;
  /// The algorithm's integers, as they are in the packet before the checksum.
  Octets secret;
};

/// Makes an Ed25519 key from its 32 secret octets.
[[nodiscard]] SecretKey ed25519_key(std::string_view seed, std::chrono::sys_seconds created);

/// Reads the body of a secret-key or secret-subkey packet (RFC 4880, section 5.5.3). Throws
/// InputError for a passphrase, for gpg's stub without the secret part, for a wrong checksum, and
/// for octets after it. Throws as well if the secret part does not match the public one.
[[nodiscard]] SecretKey read_secret_key(std::string_view body);

[[nodiscard]] Packet secret_packet(PacketTag tag, const SecretKey& key);
[[nodiscard]] Packet public_packet(PacketTag tag, const SecretKey& key);

/// Returns the algorithm's part of a signature over a digest; RSA's has the padding for this hash.
/// Throws InputError if the secret part does not have the form that the algorithm needs.
[[nodiscard]] Octets signature(const SecretKey& signer, HashAlgorithm hash,
                               std::string_view digest);

}  // namespace charm::openpgp
