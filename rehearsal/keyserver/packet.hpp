// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::keyserver {

/// Packet types of RFC 9580, section 5, that a keyserver tells apart.
namespace tag {
inline constexpr std::uint8_t signature = 2;
inline constexpr std::uint8_t public_key = 6;
inline constexpr std::uint8_t user_id = 13;
inline constexpr std::uint8_t public_subkey = 14;
}  // namespace tag

struct Packet {
  std::uint8_t tag = 0;
  /// Without the header.
  std::string body = {};
  bool operator==(const Packet&) const = default;
};

/// Splits a packet sequence (RFC 9580, section 4.2), old and new headers. Throws MalformedData;
/// so do partial and indeterminate lengths, which have no place in keys and signatures.
std::vector<Packet> read_packets(std::string_view data);

/// The packet with a header of the new format, as Hockeypuck stores and serves it.
std::string serialize(const Packet& packet);

}  // namespace rehearsal::keyserver
