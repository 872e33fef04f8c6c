// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "digest.hpp"
#include "octet_reader.hpp"

#include <string_view>

/// RSA signatures (RFC 4880, sections 5.2.2, 5.5.2 and 5.5.3): PKCS #1 v1.5 by OpenSSL.
namespace charm::openpgp::rsa {

/// Passes over the algorithm's part of a public key, modulus and exponent. Throws InputError for a
/// modulus of fewer than 2048 or more than 4096 bits and for an exponent of more than 64.
void skip_public_material(OctetReader& reader);

/// The algorithm's part of a signature; `secret` is that of the secret key, four integers. Throws
/// InputError when they make no RSA key.
[[nodiscard]] Octets signature(std::string_view public_material, std::string_view secret,
                               HashAlgorithm hash, std::string_view digest);

/// Throws InputError when a number is too long or missing.
[[nodiscard]] bool verifies(std::string_view public_material, std::string_view signature,
                            HashAlgorithm hash, std::string_view digest);

}  // namespace charm::openpgp::rsa
