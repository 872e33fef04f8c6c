// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rehearsal::keyserver {

/// What the owner of a key says about one part of it. Only signatures that verify.
struct SelfSignatures {
  /// Oldest first.
  std::vector<Signature> revocations = {};
  /// Newest first.
  std::vector<Signature> certifications = {};

  bool empty() const { return revocations.empty() && certifications.empty(); }
};

/// The signatures over one part of a certificate, by their makers.
struct SignaturesOverPart {
  SelfSignatures own = {};
  /// Of other keys: of the right type and with a matching digest, but not verified.
  std::vector<Signature> others = {};
};

SignaturesOverPart signatures_over_key(const Certificate& certificate);
SignaturesOverPart signatures_over(const UserId& user_id, const Certificate& certificate);
SignaturesOverPart signatures_over(const Subkey& subkey, const Certificate& certificate);

/// The signature that says how the primary key is to be used: the newest direct-key signature or
/// else the one over the primary user ID.
std::optional<Signature> defining_signature(const Certificate& certificate);

/// When the primary key expires (seconds since 1970); nothing: never.
std::optional<std::int64_t> expiration_of_key(const Certificate& certificate);

/// The revocation that stands for the whole key when it was revoked for good.
std::optional<Signature> hard_revocation_of(const Certificate& certificate);

/// Leaves in a certificate only what verifies; a key revoked for good loses its user IDs.
/// `self_signed_only` leaves out signatures of other keys as well. False when nothing the owner
/// signed is left: then it is no certificate at all.
bool keep_valid_parts(Certificate& certificate, bool self_signed_only);

/// Adds what  knows of the same key and does not repeat; then keep_valid_parts().
bool merge(Certificate& certificate, const Certificate& more);

}  // namespace rehearsal::keyserver
