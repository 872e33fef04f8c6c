// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/public_key.hpp"
#include "rehearsal/keyserver/signature.hpp"

#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// Whether the key made the signature over these octets (RFC 9580, section 5.2.4). RSA, ECDSA,
/// EdDSA and Ed25519; false for other algorithms and for data nobody can make sense of.
bool verifies(const Signature& signature, const PublicKey& signer, std::string_view signed_octets);

/// Whether the digest of these octets starts as the signature says. All that can be known of a
/// signature whose signer is not at hand.
bool has_matching_digest(const Signature& signature, std::string_view signed_octets);

/// The octets of a document that a signature of this type signs: a text has CR LF line ends.
std::string document_octets(const Signature& signature, std::string_view document);

}  // namespace rehearsal::keyserver
