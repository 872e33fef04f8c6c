// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/self_signatures.hpp"

#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <algorithm>
#include <string>

namespace rehearsal::keyserver {
namespace {

std::string signed_octets(const UserId& user_id, const PublicKey& key) {
  const std::string& body = user_id.packet.body;
  return hashed_form(key) + "\xB4" + octets_of(body.size(), 4) + body;
}

std::string signed_octets(const Subkey& subkey, const PublicKey& key) {
  return hashed_form(key) + hashed_form(subkey.key);
}

/// Which signature types a part can carry.
struct Types {
  int revocation = 0;
  int first_certification = 0;
  int last_certification = 0;

  bool certifies(int type) const {
    return type >= first_certification && type <= last_certification;
  }
};

constexpr Types key_types{signature_type::key_revocation, signature_type::direct_key,
                          signature_type::direct_key};
constexpr Types user_id_types{signature_type::certification_revocation,
                              signature_type::generic_certification,
                              signature_type::positive_certification};
constexpr Types subkey_types{signature_type::subkey_revocation, signature_type::subkey_binding,
                             signature_type::subkey_binding};

bool is_own(const Signature& signature, const PublicKey& key) {
  return signature.issuer_key_id == key.key_id() || signature.issuer_fingerprint == key.fingerprint;
}

SignaturesOverPart sort_out(const std::vector<Signature>& signatures, const PublicKey& key,
                            const std::string& octets, const Types& types) {
  SignaturesOverPart result;
  for (const Signature& signature : signatures) {
    const bool revokes = signature.type == types.revocation;
    if (!revokes && !types.certifies(signature.type)) {
      continue;
    }
    if (!is_own(signature, key)) {
      if (has_matching_digest(signature, octets)) {
        result.others.push_back(signature);
      }
    } else if (verifies(signature, key, octets)) {
      (revokes ? result.own.revocations : result.own.certifications).push_back(signature);
    }
  }
  std::ranges::stable_sort(result.own.revocations, {}, &Signature::creation);
  std::ranges::stable_sort(result.own.certifications, std::ranges::greater(), &Signature::creation);
  return result;
}

/// A subkey that may sign must have agreed to belong to the key (RFC 9580, section 5.2.1.8).
bool is_agreed(const Signature& binding, const Subkey& subkey, const std::string& octets) {
  if (!binding.may_sign_data()) {
    return true;
  }
  const std::optional<Signature> agreement =
      parse_signature({.tag = tag::signature, .body = binding.embedded_signature});
  return agreement && agreement->type == signature_type::primary_key_binding &&
         verifies(*agreement, subkey.key, octets);
}

/// The valid signatures, the owner's first.
std::vector<Signature> kept(const SignaturesOverPart& signatures, bool self_signed_only) {
  std::vector<Signature> result = signatures.own.revocations;
  const auto& certifications = signatures.own.certifications;
  result.insert(result.end(), certifications.begin(), certifications.end());
  if (!self_signed_only) {
    result.insert(result.end(), signatures.others.begin(), signatures.others.end());
  }
  std::ranges::stable_sort(result, {}, &Signature::creation);
  return result;
}

template <typename Part>
void keep_valid(std::vector<Part>& parts, const Certificate& certificate, bool self_signed_only) {
  std::vector<Part> valid;
  for (Part& part : parts) {
    const SignaturesOverPart signatures = signatures_over(part, certificate);
    if (!signatures.own.empty()) {
      part.signatures = kept(signatures, self_signed_only);
      valid.push_back(std::move(part));
    }
  }
  parts = std::move(valid);
}

void add_missing(std::vector<Signature>& signatures, const std::vector<Signature>& more) {
  for (const Signature& signature : more) {
    if (std::ranges::find(signatures, signature.packet, &Signature::packet) == signatures.end()) {
      signatures.push_back(signature);
    }
  }
}

const Packet& packet_of(const UserId& user_id) {
  return user_id.packet;
}

const Packet& packet_of(const Subkey& subkey) {
  return subkey.key.packet;
}

template <typename Part>
void add_missing(std::vector<Part>& parts, const std::vector<Part>& more) {
  for (const Part& part : more) {
    const auto same = std::ranges::find_if(
        parts, [&part](const Part& known) { return packet_of(known) == packet_of(part); });
    if (same == parts.end()) {
      parts.push_back(part);
    } else {
      add_missing(same->signatures, part.signatures);
    }
  }
}

}  // namespace

SignaturesOverPart signatures_over_key(const Certificate& certificate) {
  return sort_out(certificate.signatures, certificate.key, hashed_form(certificate.key), key_types);
}

SignaturesOverPart signatures_over(const UserId& user_id, const Certificate& certificate) {
  return sort_out(user_id.signatures, certificate.key, signed_octets(user_id, certificate.key),
                  user_id_types);
}

SignaturesOverPart signatures_over(const Subkey& subkey, const Certificate& certificate) {
  const std::string octets = signed_octets(subkey, certificate.key);
  SignaturesOverPart result = sort_out(subkey.signatures, certificate.key, octets, subkey_types);
  std::erase_if(result.own.certifications,
                [&](const Signature& binding) { return !is_agreed(binding, subkey, octets); });
  // Only the owner can bind a subkey.
  std::erase_if(result.others, [](const Signature& other) {
    return other.type != signature_type::subkey_revocation;
  });
  return result;
}

std::optional<Signature> defining_signature(const Certificate& certificate) {
  const SignaturesOverPart direct = signatures_over_key(certificate);
  if (!direct.own.certifications.empty()) {
    return direct.own.certifications.front();
  }
  std::optional<Signature> newest;
  for (const UserId& user_id : certificate.user_ids) {
    const auto certifications = signatures_over(user_id, certificate).own.certifications;
    if (certifications.empty()) {
      continue;
    }
    const Signature& said = certifications.front();
    const bool speaks = said.primary_user_id || certificate.user_ids.size() == 1;
    if (speaks && (!newest || newest->creation < said.creation)) {
      newest = said;
    }
  }
  return newest;
}

std::optional<std::int64_t> expiration_of_key(const Certificate& certificate) {
  const std::optional<Signature> said = defining_signature(certificate);
  return said ? said->expiration(certificate.key.creation) : std::nullopt;
}

std::optional<Signature> hard_revocation_of(const Certificate& certificate) {
  for (const Signature& revocation : signatures_over_key(certificate).own.revocations) {
    if (revocation.is_hard_revocation()) {
      return revocation;
    }
  }
  return std::nullopt;
}

bool keep_valid_parts(Certificate& certificate, bool self_signed_only) {
  const SignaturesOverPart direct = signatures_over_key(certificate);
  if (hard_revocation_of(certificate)) {
    certificate.user_ids.clear();
    self_signed_only = true;
  }
  keep_valid(certificate.user_ids, certificate, self_signed_only);
  keep_valid(certificate.subkeys, certificate, self_signed_only);
  certificate.signatures = kept(direct, self_signed_only);
  return !direct.own.empty() || !certificate.user_ids.empty() || !certificate.subkeys.empty();
}

bool merge(Certificate& certificate, const Certificate& more) {
  add_missing(certificate.signatures, more.signatures);
  add_missing(certificate.user_ids, more.user_ids);
  add_missing(certificate.subkeys, more.subkeys);
  return keep_valid_parts(certificate, false);
}

}  // namespace rehearsal::keyserver
