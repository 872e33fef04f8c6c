// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"

#include "charm/domain/text.hpp"
#include "charm/openpgp/armor.hpp"
#include "signature.hpp"
#include "transferable_key.hpp"

#include <algorithm>

namespace charm::openpgp {
namespace {

using std::chrono::sys_seconds;

constexpr std::size_t longest_user_id = 2000;
constexpr std::size_t longest_armored_key = std::size_t{128} * 1024;

Octets reason_for_revocation() {
  return subpacket(SubpacketType::reason_for_revocation,
                   "\x01"
                   "replaced by a new key");
}

Octets armored_block_octets(std::string_view text) {
  if (text.size() > longest_armored_key) {
    throw InputError("the armored key is longer than 128 KiB");
  }
  ArmoredBlock block = dearmor(text);
  if (block.type == ArmorType::signature) {
    throw InputError("the armored block is a signature, not a key");
  }
  return std::move(block.octets);
}

/// A request must not delete a key that the caller did not name.
void require_public_key(const std::string& octets) {
  const std::vector<Packet> packets = read_packets(octets);
  if (packets.size() != 1 || packets.front().tag != PacketTag::public_key) {
    throw InputError("the data is not one public-key packet");
  }
}

}  // namespace

AdminKey::AdminKey(TransferableKey key)
    : key_(std::make_shared<const TransferableKey>(std::move(key))) {}

AdminKey AdminKey::generate(std::string_view user_id, sys_seconds created) {
  if (user_id.empty() || user_id.size() > longest_user_id) {
    throw InputError("the user ID of a key has 1 to 2000 bytes");
  }
  return AdminKey(new_transferable_key(ed25519::random_seed(), user_id, created));
}

AdminKey AdminKey::from_armor(std::string_view text, sys_seconds now) {
  return AdminKey(read_transferable_key(armored_block_octets(text), now));
}

std::string AdminKey::fingerprint() const {
  return hexadecimal(key_->primary.key.fingerprint);
}

Secret AdminKey::secret_armor() const {
  return Secret(armored_text(ArmorType::private_key, octets_of(secret_packets(*key_))));
}

std::string AdminKey::public_armor() const {
  return armor(ArmorType::public_key, octets_of(public_packets(*key_)));
}

std::string AdminKey::sign(std::string_view message, sys_seconds now) const {
  const SecretKey& signer = key_->signer();
  const Statement statement{.type = SignatureType::binary,
                            .created = std::max(now, signer.key.created)};
  return armor(ArmorType::signature, octets_of({new_signature(signer, statement, message)}));
}

std::string AdminKey::revocation(sys_seconds now) const {
  const SecretKey& primary = key_->primary;
  const Statement statement{.type = SignatureType::key_revocation,
                            .created = std::max(now, primary.key.created),
                            .subpackets = reason_for_revocation()};
  const Packet revocation = new_signature(primary, statement, hashed_form(primary.key));
  return armor(ArmorType::public_key, octets_of(public_packets(*key_, revocation)));
}

SignedRequest delete_request(const AdminKey& key, std::span<const std::string> primary_key_packets,
                             std::chrono::sys_seconds now) {
  if (primary_key_packets.empty()) {
    throw InputError("there is no key to delete");
  }
  std::string octets;
  for (const std::string& packet : primary_key_packets) {
    require_public_key(packet);
    octets += packet;
  }
  SignedRequest request{.keytext = "/pks/delete\n" + armor(ArmorType::public_key, octets)};
  request.keysig = key.sign(request.keytext, now);
  return request;
}

SignedRequest trial_request(const AdminKey& key, std::chrono::sys_seconds now) {
  const SecretKey temporary = ed25519_key(ed25519::random_seed(), now);
  const Octets packet = octets_of({public_packet(PacketTag::public_key, temporary)});
  return delete_request(key, std::vector{std::string(std::string_view(packet))}, now);
}

}  // namespace charm::openpgp
