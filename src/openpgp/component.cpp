// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "component.hpp"

#include "charm/openpgp/input_error.hpp"

#include <string>

namespace charm::openpgp {
namespace {

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
      break;  // gpg's own notes, which say nothing to others.
    case PacketTag::secret_key:
    case PacketTag::public_key:
      throw InputError("there is more than one key");
    default:
      throw InputError("a packet of type " + std::to_string(static_cast<int>(packet.tag)) +
                       " does not belong to a key");
  }
}

}  // namespace

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

}  // namespace charm::openpgp
