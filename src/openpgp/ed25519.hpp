// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "octet_reader.hpp"

#include <string_view>

/// EdDSA with curve Ed25519 in OpenPGP's algorithm 22: draft-koch-eddsa-for-openpgp-04, which gpg
/// made, and RFC 9580, sections 5.2.3.3, 5.5.5.5 and 9.2 ("EdDSALegacy"). The digest is signed, not
/// the data.
namespace charm::openpgp::ed25519 {

/// A new secret key: 32 random octets.
[[nodiscard]] Octets random_seed();

/// The algorithm's part of a public key: the curve and the point that belongs to a seed.
[[nodiscard]] Octets public_material(std::string_view seed);

/// Passes over a public key's part. Throws InputError for another curve or form.
void skip_public_material(OctetReader& reader);

/// The algorithm's part of a signature; `secret` is that of the secret key, one integer.
[[nodiscard]] Octets signature(std::string_view secret, std::string_view digest);

/// Throws InputError when a number is too long or missing.
[[nodiscard]] bool verifies(std::string_view public_material, std::string_view signature,
                            std::string_view digest);

}  // namespace charm::openpgp::ed25519
