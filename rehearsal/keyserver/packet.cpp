// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/packet.hpp"

#include "rehearsal/keyserver/octets.hpp"

namespace rehearsal::keyserver {
namespace {

std::size_t new_length(OctetReader& data) {
  const std::uint8_t first = data.octet();
  if (first < 192) {
    return first;
  }
  if (first < 224) {
    return ((first - 192U) << 8U) + data.octet() + 192U;
  }
  if (first == 255) {
    return data.number(4);
  }
  throw MalformedData("partial packet length");
}

std::size_t old_length(OctetReader& data, unsigned length_type) {
  if (length_type == 3) {
    throw MalformedData("indeterminate packet length");
  }
  return data.number(std::size_t{1} << length_type);
}

Packet read_packet(OctetReader& data) {
  const std::uint8_t header = data.octet();
  if ((header & 0x80U) == 0) {
    throw MalformedData("not an OpenPGP packet");
  }
  const bool is_new = (header & 0x40U) != 0;
  const std::uint8_t tag = is_new ? header & 0x3FU : (header >> 2U) & 0xFU;
  const std::size_t length = is_new ? new_length(data) : old_length(data, header & 0x3U);
  return {.tag = tag, .body = std::string(data.take(length))};
}

std::string length_octets(std::size_t length) {
  if (length < 192) {
    return octets_of(length, 1);
  }
  if (length < 8384) {
    return octets_of(length - 192 + (192U << 8U), 2);
  }
  return "\xFF" + octets_of(length, 4);
}

}  // namespace

std::vector<Packet> read_packets(std::string_view data) {
  OctetReader reader(data);
  std::vector<Packet> packets;
  while (!reader.empty()) {
    packets.push_back(read_packet(reader));
  }
  return packets;
}

std::string serialize(const Packet& packet) {
  return octets_of(0xC0U | packet.tag, 1) + length_octets(packet.body.size()) + packet.body;
}

}  // namespace rehearsal::keyserver
