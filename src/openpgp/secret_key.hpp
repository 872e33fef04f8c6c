// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packet.hpp"
#include "public_key.hpp"

#include <string_view>

namespace charm::openpgp {

/// A secret key or subkey without passphrase.
struct SecretKey {
  PublicKey key;
  /// The algorithm's integers, as they stand in the packet before the checksum.
  Octets secret;
};

/// A new Ed25519 key from its 32 secret octets.
[[nodiscard]] SecretKey ed25519_key(std::string_view seed, std::chrono::sys_seconds created);

/// Reads the body of a secret-key or secret-subkey packet (RFC 4880, section 5.5.3). Throws
/// InputError: a passphrase, a stub of gpg without the secret part, a wrong checksum, octets after
/// it, or a secret part that does not belong to the public one.
[[nodiscard]] SecretKey read_secret_key(std::string_view body);

[[nodiscard]] Packet secret_packet(PacketTag tag, const SecretKey& key);
[[nodiscard]] Packet public_packet(PacketTag tag, const SecretKey& key);

/// The algorithm's part of a signature over a digest, RSA's with padding for this hash. Throws
/// InputError where the secret part is not what the algorithm needs.
[[nodiscard]] Octets signature(const SecretKey& signer, HashAlgorithm hash,
                               std::string_view digest);

}  // namespace charm::openpgp
