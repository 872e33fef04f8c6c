// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/signed_request.hpp"

#include "charm/openpgp/armor.hpp"
#include "ed25519.hpp"
#include "packet.hpp"
#include "secret_key.hpp"

namespace charm::openpgp {
namespace {

/// A request must not delete another key than the caller means.
void require_public_key(const std::string& octets) {
  const std::vector<Packet> packets = read_packets(octets);
  if (packets.size() != 1 || packets.front().tag != PacketTag::public_key) {
    throw InputError("the data is not one public-key packet");
  }
}

}  // namespace

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
  const SecretKey nobodys = ed25519_key(ed25519::random_seed(), now);
  const Octets packet = octets_of({public_packet(PacketTag::public_key, nobodys)});
  return delete_request(key, std::vector{std::string(std::string_view(packet))}, now);
}

}  // namespace charm::openpgp
