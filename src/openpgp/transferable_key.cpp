// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "transferable_key.hpp"

#include "signature.hpp"

#include <algorithm>
#include <string>

namespace charm::openpgp {
namespace {

using std::chrono::sys_seconds;

/// A part of a transferable key, with the signatures that follow it: the primary key, a user ID or
/// a subkey.
struct Component {
  Packet packet;
  /// The signatures of version 4.
  std::vector<Signature> signatures;
};

[[noreturn]] void refuse_first(const std::vector<Packet>& packets) {
  if (!packets.empty() && packets.front().tag == PacketTag::public_key) {
    throw InputError("the key is public only; the secret key is needed");
  }
  throw InputError("the data does not begin with a secret key");
}

void add(std::vector<Component>& components, const Packet& packet) {
  switch (packet.tag) {
    case PacketTag::signature:
      if (const std::optional<Signature> signature = read_signature(packet.body)) {
        components.back().signatures.push_back(*signature);
      }
      break;
    case PacketTag::user_id:
    case PacketTag::user_attribute:
    case PacketTag::secret_subkey:
    case PacketTag::public_subkey:
      components.push_back({.packet = packet});
      break;
    case PacketTag::trust:
      break;  // gpg's local notes, which other programs ignore.
    case PacketTag::secret_key:
    case PacketTag::public_key:
      throw InputError("there is more than one key");
    default:
      throw InputError("a packet of type " + std::to_string(static_cast<int>(packet.tag)) +
                       " does not belong to a key");
  }
}

/// Groups the packets of one transferable secret key (RFC 4880, section 11.2); the primary key
/// comes first. User attributes and subkeys without a secret part are components as well. Throws
/// InputError for a public key, for more than one key, and for packets that do not belong to keys.
std::vector<Component> read_components(const std::vector<Packet>& packets) {
  if (packets.empty() || packets.front().tag != PacketTag::secret_key) {
    refuse_first(packets);
  }
  std::vector<Component> components{{.packet = packets.front()}};
  for (std::size_t i = 1; i < packets.size(); ++i) {
    add(components, packets[i]);
  }
  return components;
}

struct CertifiedUserId {
  Packet packet;
  Signature self_signature;
};

/// Returns the user IDs that the primary key certifies and has not revoked since.
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

/// Returns the self-signature that defines the primary key (RFC 4880, section 5.2.3.19): that of
/// the user ID that is marked as primary, or else the newest.
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

/// Whether a signing subkey has agreed to belong to the key (RFC 4880, section 5.2.1).
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

/// Returns nothing for a subkey that cannot or may not sign.
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

namespace {

/// The subpackets that gpg writes for a new key, without preferences for ciphers: this key does not
/// encrypt.
Octets self_signature_subpackets() {
  constexpr std::string_view certify_and_sign = "\x03";
  constexpr std::string_view sha512_sha384_sha256 = "\x0A\x09\x08";
  constexpr std::string_view modification_detection = "\x01";
  return subpacket(SubpacketType::key_flags, certify_and_sign)
      .append(subpacket(SubpacketType::preferred_hash_algorithms, sha512_sha384_sha256))
      .append(subpacket(SubpacketType::features, modification_detection));
}

void append_all(std::vector<Packet>& packets, const std::vector<Packet>& more) {
  packets.insert(packets.end(), more.begin(), more.end());
}

}  // namespace

TransferableKey new_transferable_key(std::string_view seed, std::string_view user_id,
                                     std::chrono::sys_seconds created) {
  TransferableKey key{.primary = ed25519_key(seed, created)};
  const Statement statement{.type = SignatureType::positive_certification,
                            .created = created,
                            .subpackets = self_signature_subpackets()};
  key.user_ids.push_back({.tag = PacketTag::user_id, .body = Octets(user_id)});
  key.user_ids.push_back(
      new_signature(key.primary, statement, user_id_octets(key.primary.key, user_id)));
  return key;
}

std::vector<Packet> secret_packets(const TransferableKey& key) {
  std::vector<Packet> packets{secret_packet(PacketTag::secret_key, key.primary)};
  append_all(packets, key.user_ids);
  if (key.subkey) {
    packets.push_back(secret_packet(PacketTag::secret_subkey, key.subkey->key));
    packets.push_back(key.subkey->binding);
  }
  return packets;
}

std::vector<Packet> public_packets(const TransferableKey& key,
                                   const std::optional<Packet>& revocation) {
  std::vector<Packet> packets{public_packet(PacketTag::public_key, key.primary)};
  if (revocation) {
    packets.push_back(*revocation);
  }
  append_all(packets, key.user_ids);
  if (key.subkey) {
    packets.push_back(public_packet(PacketTag::public_subkey, key.subkey->key));
    packets.push_back(key.subkey->binding);
  }
  return packets;
}

}  // namespace charm::openpgp
