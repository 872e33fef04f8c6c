// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/hook/stored_keys.hpp"

#include "charm/domain/text.hpp"
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/key.hpp"
#include "src/openpgp/packet.hpp"

#include <algorithm>

namespace charm {

namespace {

bool revokes(const openpgp::Packet& packet) {
  constexpr char key_revocation = '\x20';
  return packet.tag == openpgp::PacketTag::signature && packet.body.at(1) == key_revocation;
}

}  // namespace

void store(StoredKeys& keys, const std::string& armor) {
  const auto packets = openpgp::read_packets(openpgp::dearmor(armor).octets);
  openpgp::OctetReader reader(packets.front().body);
  StoredAdminKey& stored = keys[hexadecimal(openpgp::read_public_key(reader).fingerprint)];
  stored.armor = armor;
  stored.revoked |= std::any_of(packets.begin(), packets.end(), revokes);
}

std::string issuer_of(const std::string& signature) {
  constexpr std::string_view first_subpacket = "162104";
  const std::string octets = hexadecimal(openpgp::dearmor(signature).octets);
  return octets.substr(octets.find(first_subpacket) + first_subpacket.size(), 40);
}

keyserver::StoredKey found(const StoredKeys& keys, const std::string& fingerprint) {
  const auto key = keys.find(fingerprint);
  if (key == keys.end()) {
    return keyserver::StoredKey::absent;
  }
  return key->second.revoked ? keyserver::StoredKey::revoked : keyserver::StoredKey::present;
}

}  // namespace charm
