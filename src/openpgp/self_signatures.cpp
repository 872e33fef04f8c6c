// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "self_signatures.hpp"

namespace charm::openpgp {
namespace {

bool is_over(std::chrono::sys_seconds start, std::chrono::seconds lifetime,
             std::chrono::sys_seconds now) {
  return lifetime > std::chrono::seconds(0) && now >= start + lifetime;
}

}  // namespace

SelfSignatures::SelfSignatures(const PublicKey& primary, std::span<const Signature> signatures,
                               std::string_view signed_octets, std::chrono::sys_seconds now) {
  for (const Signature& signature : signatures) {
    // A key may carry thousands of signatures of others: only its own are worth the arithmetic.
    const bool own = signature.issuer_key_id == primary.key_id();
    if (own && !is_over(signature.created, signature.lifetime, now) &&
        verifies(primary, signature, signed_octets)) {
      valid_.push_back(signature);
    }
  }
}

std::optional<Signature> SelfSignatures::newest(SignatureType first, SignatureType last) const {
  const Signature* found = nullptr;
  for (const Signature& signature : valid_) {
    const bool wanted = signature.type >= first && signature.type <= last;
    if (wanted && (found == nullptr || signature.created >= found->created)) {
      found = &signature;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

bool is_expired(const PublicKey& key, const Signature& self_signature,
                std::chrono::sys_seconds now) {
  return is_over(key.created, self_signature.key_lifetime, now);
}

}  // namespace charm::openpgp
