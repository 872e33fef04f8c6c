// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "octet_reader.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// Packet types (RFC 4880, section 4.3) that stand in keys and detached signatures. A packet that
/// was read may have another value.
enum class PacketTag : std::uint8_t {
  signature = 2,
  secret_key = 5,
  public_key = 6,
  secret_subkey = 7,
  trust = 12,
  user_id = 13,
  public_subkey = 14,
  user_attribute = 17,
};

struct Packet {
  PacketTag tag = PacketTag::signature;
  /// Without the header.
  Octets body;
  bool operator==(const Packet&) const = default;
};

/// A packet where it stands.
struct PacketView {
  PacketTag tag = PacketTag::signature;
  std::string_view octets;  ///< With the header.
  std::string_view body;
};

/// Takes one packet off the front, as read_packets() does.
[[nodiscard]] PacketView take_packet(OctetReader& reader);

/// Splits a packet sequence (RFC 4880, section 4.2), old and new headers. Throws InputError; also
/// for partial and indeterminate lengths, which have no place in keys and signatures.
[[nodiscard]] std::vector<Packet> read_packets(std::string_view octets);

/// Appends packets with headers of the new format.
void append(Octets& octets, const Packet& packet);

[[nodiscard]] Octets octets_of(const std::vector<Packet>& packets);

}  // namespace charm::openpgp
