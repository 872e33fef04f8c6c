// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// Leaves in a certificate only parts whose owner signed them, with the owner's valid signatures
/// and those of other keys, which nobody can verify here. A key that was revoked for good loses its
/// user IDs. `self_signed_only` leaves out signatures of other keys. False when nothing that the
/// owner signed is left: then it is no certificate.
bool keep_valid_parts(Certificate& certificate, bool self_signed_only);

// Of a certificate that has valid parts only.

bool is_revoked(const Certificate& certificate);
/// The revocation that replaces the whole key, which was revoked for good.
std::optional<Signature> hard_revocation_of(const Certificate& certificate);
/// The newest signature of the owner over a part, which says when that expires.
std::optional<Signature> newest_certification(const std::vector<Signature>& signatures,
                                              const Certificate& certificate);

/// Whether one of the administrators signed the text: `armored_signature` is a detached signature,
/// made by a key of an administrator that may sign and is neither revoked nor expired now.
bool is_signed_by(const std::vector<Certificate>& administrators, const std::string& text,
                  const std::string& armored_signature);

}  // namespace rehearsal::keyserver
