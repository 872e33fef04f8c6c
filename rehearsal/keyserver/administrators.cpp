// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/administrators.hpp"

#include "rehearsal/keyserver/armor.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/self_signatures.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <algorithm>
#include <optional>

namespace rehearsal::keyserver {
namespace {

bool is_over(std::optional<std::int64_t> end, std::int64_t now) {
  return end && *end < now;
}

/// Hockeypuck keeps revocations by other keys as they come, and takes no request of an
/// administrator whose key has one.
bool has_foreign_revocation(const Certificate& certificate) {
  return std::ranges::any_of(certificate.signatures, [&](const Signature& signature) {
    return signature.type == signature_type::key_revocation &&
           signature.issuer_key_id != certificate.key.key_id();
  });
}

/// The subkeys of a certificate, and its primary key, that may sign something now.
std::vector<PublicKey> signing_keys(const Certificate& certificate, std::int64_t now) {
  const std::optional<Signature> primary = defining_signature(certificate);
  const bool revoked = !signatures_over_key(certificate).own.revocations.empty();
  if (!primary || revoked || has_foreign_revocation(certificate) ||
      is_over(primary->expiration(certificate.key.creation), now)) {
    return {};
  }
  std::vector<PublicKey> keys;
  if (primary->may_sign_data()) {
    keys.push_back(certificate.key);
  }
  for (const Subkey& subkey : certificate.subkeys) {
    const SelfSignatures own = signatures_over(subkey, certificate).own;
    if (!own.revocations.empty() || own.certifications.empty()) {
      continue;
    }
    const Signature& binding = own.certifications.front();
    if (binding.may_sign_data() && !is_over(binding.expiration(subkey.key.creation), now)) {
      keys.push_back(subkey.key);
    }
  }
  return keys;
}

bool is_detached_signature(const Signature& signature) {
  constexpr int sha1 = 2;
  const bool over_document =
      signature.type == signature_type::binary || signature.type == signature_type::text;
  return over_document && signature.hash_algorithm != sha1;
}

std::vector<Signature> read_signatures(const std::string& armored) {
  std::vector<Signature> signatures;
  const std::optional<ArmoredBlock> block = read_armor(armored);
  if (!block || block->type != "PGP SIGNATURE") {
    return {};
  }
  for (const Packet& packet : read_packets(block->body)) {
    const std::optional<Signature> signature = parse_signature(packet);
    if (packet.tag == tag::signature && signature && is_detached_signature(*signature)) {
      signatures.push_back(*signature);
    }
  }
  return signatures;
}

}  // namespace

bool is_signed_by(const std::vector<Certificate>& administrators, const std::string& text,
                  const std::string& armored_signature, std::int64_t now) {
  std::vector<Signature> signatures;
  try {
    signatures = read_signatures(armored_signature);
  } catch (const MalformedData&) {
    return false;
  }
  std::vector<PublicKey> keys;
  for (const Certificate& administrator : administrators) {
    const std::vector<PublicKey> usable = signing_keys(administrator, now);
    keys.insert(keys.end(), usable.begin(), usable.end());
  }
  return std::ranges::any_of(signatures, [&](const Signature& signature) {
    const bool ended = is_over(signature.expiration(signature.creation), now);
    return !ended && std::ranges::any_of(keys, [&](const PublicKey& key) {
      return key.key_id() == signature.issuer_key_id &&
             verifies(signature, key, document_octets(signature, text));
    });
  });
}

}  // namespace rehearsal::keyserver
