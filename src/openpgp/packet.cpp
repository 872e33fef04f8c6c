// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "packet.hpp"

#include <algorithm>
#include <bit>

namespace charm::openpgp {

std::string_view OctetReader::take(std::size_t count) {
  if (count > rest_.size()) {
    throw InputError("the OpenPGP data ends too early");
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint32_t OctetReader::number(std::size_t octets) {
  std::uint32_t value = 0;
  for (const char octet : take(octets)) {
    value = value << 8U | static_cast<unsigned char>(octet);
  }
  return value;
}

std::string_view OctetReader::integer() {
  const std::size_t bits = number(2);
  return take((bits + 7) / 8);
}

Octets number_octets(std::size_t value, std::size_t count) {
  Octets octets(count, '\0');
  for (std::size_t i = count; i > 0; --i, value >>= 8U) {
    octets[i - 1] = static_cast<char>(value & 0xFFU);
  }
  return octets;
}

Octets integer_octets(std::string_view octets) {
  octets.remove_prefix(std::min(octets.find_first_not_of('\0'), octets.size()));
  if (octets.empty()) {
    return number_octets(0, 2);
  }
  const auto first = static_cast<unsigned char>(octets.front());
  const std::size_t bits =
      (octets.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(first));
  return number_octets(bits, 2).append(octets);
}

Octets time_octets(std::chrono::sys_seconds time) {
  const auto seconds = time.time_since_epoch().count();
  if (seconds < 0 || seconds > 0xFFFFFFFF) {
    throw Error("OpenPGP cannot write a time before 1970 or after 2106");
  }
  return number_octets(static_cast<std::size_t>(seconds), 4);
}

Octets left_padded(std::string_view octets, std::size_t size) {
  if (octets.size() > size) {
    throw InputError("a number of the key or signature is too large");
  }
  return Octets(size - octets.size(), '\0').append(octets);
}

std::size_t read_length(OctetReader& reader, LengthOf what) {
  const std::size_t first = reader.octet();
  if (first < 192) {
    return first;
  }
  if (first == 255) {
    return reader.number(4);
  }
  if (first >= 224 && what == LengthOf::packet) {
    throw InputError("an OpenPGP packet has a partial length");
  }
  return ((first - 192) << 8U) + reader.octet() + 192;
}

Octets length_octets(std::size_t length) {
  if (length < 192) {
    return number_octets(length, 1);
  }
  if (length < 8384) {
    return number_octets(length - 192 + (192U << 8U), 2);
  }
  return Octets("\xFF").append(number_octets(length, 4));
}

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
