// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "packet.hpp"

#include <cstdint>
#include <string_view>

namespace charm::openpgp {

/// Hashes that a signature may still use (RFC 4880, section 9.4). A signature that was read may
/// have another value.
enum class HashAlgorithm : std::uint8_t { sha256 = 8, sha384 = 9, sha512 = 10, sha224 = 11 };

/// Returns OpenSSL's name of the algorithm, or a null pointer.
[[nodiscard]] const char* openssl_name(HashAlgorithm algorithm);

/// Throws charm::Error for an algorithm without a name.
[[nodiscard]] Octets digest(HashAlgorithm algorithm, std::string_view octets);

/// Only for fingerprints of version 4 (RFC 4880, section 12.2).
[[nodiscard]] Octets sha1(std::string_view octets);

/// Only for fingerprints of version 3 and for the digests that keyservers compare.
[[nodiscard]] Octets md5(std::string_view octets);

/// EdDSA with curve Ed25519 as OpenPGP's algorithm 22. The form is that of gpg
/// (draft-koch-eddsa-for-openpgp-04) and of "EdDSALegacy" in RFC 9580, sections 5.2.3.3, 5.5.5.5
/// and 9.2. The digest is signed, not the data.
namespace ed25519 {

/// Returns a new secret key: 32 random octets.
[[nodiscard]] Octets random_seed();

/// Returns the algorithm's part of a public key: the curve and the point of this seed.
[[nodiscard]] Octets public_material(std::string_view seed);

/// Skips a public key's part. Throws InputError for another curve or form.
void skip_public_material(OctetReader& reader);

/// Returns the algorithm's part of a signature. `secret` is the same part of the secret key, one
/// integer.
[[nodiscard]] Octets signature(std::string_view secret, std::string_view digest);

/// Throws InputError if a number is too long or missing.
[[nodiscard]] bool verifies(std::string_view public_material, std::string_view signature,
                            std::string_view digest);

}  // namespace ed25519

/// RSA signatures (RFC 4880, sections 5.2.2, 5.5.2 and 5.5.3): PKCS #1 v1.5, with OpenSSL.
namespace rsa {

/// Skips the algorithm's part of a public key, modulus and exponent. Throws InputError for a
/// modulus of fewer than 2048 or more than 4096 bits and for an exponent of more than 64.
void skip_public_material(OctetReader& reader);

/// Returns the algorithm's part of a signature. `secret` is the same part of the secret key, four
/// integers. Throws InputError if they are not an RSA key.
[[nodiscard]] Octets signature(std::string_view public_material, std::string_view secret,
                               HashAlgorithm hash, std::string_view digest);

/// Throws InputError if a number is too long or missing.
[[nodiscard]] bool verifies(std::string_view public_material, std::string_view signature,
                            HashAlgorithm hash, std::string_view digest);

}  // namespace rsa

}  // namespace charm::openpgp
