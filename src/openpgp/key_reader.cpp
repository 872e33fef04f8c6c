// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_reader.hpp"

#include "charm/openpgp/input_error.hpp"
#include "component.hpp"
#include "self_signatures.hpp"
#include "signed_octets.hpp"

#include <algorithm>

namespace charm::openpgp {
namespace {

using std::chrono::sys_seconds;

struct CertifiedUserId {
  Packet packet;
  Signature self_signature;
};

/// The user IDs that the primary key certifies and has not revoked since.
std::vector<CertifiedUserId> certified_user_ids(const PublicKey& primary,
                                                const std::vector<Component>& components,
                                                sys_seconds now) {
  std::vector<CertifiedUserId> certified;
  for (const auto& [packet, signatures] : components) {
    if (packet.tag != PacketTag::user_id) {
      continue;
    }
    const SelfSignatures own(primary, signatures, user_id_octets(primary, packet.body), now);
    const auto certification =
        own.newest(SignatureType::generic_certification, SignatureType::positive_certification);
    const auto revocation = own.newest(SignatureType::certification_revocation);
    if (certification && !(revocation && revocation->created >= certification->created)) {
      certified.push_back({.packet = packet, .self_signature = *certification});
    }
  }
  return certified;
}

/// The self-signature that speaks for the primary key (RFC 4880, section 5.2.3.19): that of the
/// user ID that calls itself primary, or else the newest.
const Signature& defining(const std::vector<CertifiedUserId>& user_ids) {
  const auto rank = [](const CertifiedUserId& user_id) {
    return std::pair(user_id.self_signature.primary_user_id, user_id.self_signature.created);
  };
  return std::ranges::max_element(user_ids, {}, rank)->self_signature;
}

void require_unrevoked(const PublicKey& primary, const Component& component, sys_seconds now) {
  const SelfSignatures own(primary, component.signatures, hashed_form(primary), now);
  if (own.newest(SignatureType::key_revocation)) {
    throw InputError("the key is revoked");
  }
}

std::vector<CertifiedUserId> usable_user_ids(const PublicKey& primary,
                                             const std::vector<Component>& components,
                                             sys_seconds now) {
  require_unrevoked(primary, components.front(), now);
  std::vector<CertifiedUserId> user_ids = certified_user_ids(primary, components, now);
  if (user_ids.empty()) {
    throw InputError("the key has no user ID with a valid self-signature");
  }
  if (is_expired(primary, defining(user_ids), now)) {
    throw InputError("the key has expired");
  }
  return user_ids;
}

/// Whether a subkey that signs has agreed to belong to the key (RFC 4880, section 5.2.1).
bool has_agreed(const PublicKey& subkey, const Signature& binding, std::string_view octets) {
  if (binding.embedded_signature.empty()) {
    return false;
  }
  const std::optional<Signature> agreement = read_signature(binding.embedded_signature);
  return agreement && agreement->type == SignatureType::primary_key_binding &&
         verifies(subkey, *agreement, octets);
}

struct BoundSubkey {
  Octets body;
  Signature binding;
};

/// Nothing for a subkey that cannot or may not sign.
std::optional<BoundSubkey> signing_subkey(const PublicKey& primary, const Component& component,
                                          sys_seconds now) {
  constexpr std::size_t algorithm_offset = 5;
  const Octets& body = component.packet.body;
  if (component.packet.tag != PacketTag::secret_subkey || body.size() <= algorithm_offset ||
      !is_supported(static_cast<std::uint8_t>(body[algorithm_offset]))) {
    return std::nullopt;
  }
  OctetReader reader(body);
  const PublicKey subkey = read_public_key(reader);
  const Octets octets = subkey_octets(primary, subkey);
  const SelfSignatures own(primary, component.signatures, octets, now);
  const std::optional<Signature> binding = own.newest(SignatureType::subkey_binding);
  const bool usable = binding && binding->may_sign_data() &&
                      !own.newest(SignatureType::subkey_revocation) &&
                      !is_expired(subkey, *binding, now) && has_agreed(subkey, *binding, octets);
  return usable ? std::optional(BoundSubkey{.body = body, .binding = *binding}) : std::nullopt;
}

SigningSubkey newest_signing_subkey(const PublicKey& primary,
                                    const std::vector<Component>& components, sys_seconds now) {
  std::optional<BoundSubkey> newest;
  for (const Component& component : components) {
    const std::optional<BoundSubkey> found = signing_subkey(primary, component, now);
    if (found && (!newest || found->binding.created >= newest->binding.created)) {
      newest = found;
    }
  }
  if (!newest) {
    throw InputError("neither the primary key nor a valid subkey may sign");
  }
  return {.key = read_secret_key(newest->body),
          .binding = {.tag = PacketTag::signature, .body = newest->binding.body}};
}

}  // namespace

TransferableKey read_transferable_key(std::string_view octets, sys_seconds now) {
  const std::vector<Component> components = read_components(read_packets(octets));
  TransferableKey key{.primary = read_secret_key(components.front().packet.body)};
  const PublicKey& primary = key.primary.key;
  const std::vector<CertifiedUserId> user_ids = usable_user_ids(primary, components, now);
  for (const auto& [packet, self_signature] : user_ids) {
    key.user_ids.push_back(packet);
    key.user_ids.push_back({.tag = PacketTag::signature, .body = self_signature.body});
  }
  if (!defining(user_ids).may_sign_data()) {
    key.subkey = newest_signing_subkey(primary, components, now);
  }
  return key;
}

}  // namespace charm::openpgp
