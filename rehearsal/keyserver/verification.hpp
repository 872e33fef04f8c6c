// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// Keeps only parts of a certificate that its owner signed, with the owner's valid signatures and
/// those of other keys, which cannot be verified here. A permanently revoked key loses its user
/// IDs. `self_signed_only` removes signatures of other keys. Returns false if no part is left that
/// the owner signed; the certificate is then useless.
bool keep_valid_parts(Certificate& certificate, bool self_signed_only);

// These functions need a certificate with only valid parts.

bool is_revoked(const Certificate& certificate);
/// Returns the revocation that replaces a permanently revoked key.
std::optional<Signature> hard_revocation_of(const Certificate& certificate);
/// Returns the owner's newest signature over a part, which defines when the part expires.
std::optional<Signature> newest_certification(const std::vector<Signature>& signatures,
                                              const Certificate& certificate);

/// Whether one of the administrators signed the text. `armored_signature` is a detached signature.
/// Its key must belong to an administrator, be able to sign, and be neither revoked nor expired
/// now.
bool is_signed_by(const std::vector<Certificate>& administrators, const std::string& text,
                  const std::string& armored_signature);

}  // namespace rehearsal::keyserver
