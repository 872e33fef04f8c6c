// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "transferable_key.hpp"

#include "new_signature.hpp"
#include "signed_octets.hpp"
#include "subpacket.hpp"

namespace charm::openpgp {
namespace {

/// What gpg says of a new key, without preferences for ciphers: nobody encrypts to this key.
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
