// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "packet.hpp"

#include "charm/openpgp/input_error.hpp"
#include "length_octets.hpp"

namespace charm::openpgp {
namespace {

std::size_t old_length(OctetReader& reader, unsigned length_type) {
  if (length_type == 3) {
    throw InputError("an OpenPGP packet has no length");
  }
  return reader.number(std::size_t{1} << length_type);
}

}  // namespace

PacketView take_packet(OctetReader& reader) {
  const std::string_view before = reader.rest();
  const unsigned header = reader.octet();
  if ((header & 0x80U) == 0) {
    throw InputError("the data is not a sequence of OpenPGP packets");
  }
  const bool is_new = (header & 0x40U) != 0;
  const unsigned tag = is_new ? header & 0x3FU : (header >> 2U) & 0xFU;
  const std::size_t length =
      is_new ? read_length(reader, LengthOf::packet) : old_length(reader, header & 3U);
  const std::string_view body = reader.take(length);
  return {.tag = PacketTag{static_cast<std::uint8_t>(tag)},
          .octets = before.substr(0, before.size() - reader.rest().size()),
          .body = body};
}

std::vector<Packet> read_packets(std::string_view octets) {
  OctetReader reader(octets);
  std::vector<Packet> packets;
  while (!reader.empty()) {
    const PacketView packet = take_packet(reader);
    packets.push_back({.tag = packet.tag, .body = Octets(packet.body)});
  }
  return packets;
}

void append(Octets& octets, const Packet& packet) {
  octets.append(number_octets(0xC0U | static_cast<std::size_t>(packet.tag), 1))
      .append(length_octets(packet.body.size()))
      .append(packet.body);
}

Octets octets_of(const std::vector<Packet>& packets) {
  Octets octets;
  for (const Packet& packet : packets) {
    append(octets, packet);
  }
  return octets;
}

}  // namespace charm::openpgp
