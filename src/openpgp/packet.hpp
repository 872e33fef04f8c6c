// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// Reads numbers and octets from the front of a buffer that outlives it. Every member throws
/// InputError if the buffer is too short.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  /// The octets that have not been read yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }

  std::string_view take(std::size_t count);

  /// A big-endian number of up to four octets.
  std::uint32_t number(std::size_t octets);

  std::uint8_t octet() { return static_cast<std::uint8_t>(number(1)); }

  /// The octets of a multiprecision integer (RFC 4880, section 3.2).
  std::string_view integer();

  /// Seconds since 1970 (RFC 4880, section 3.5).
  std::chrono::sys_seconds time() { return std::chrono::sys_seconds(duration()); }

  std::chrono::seconds duration() { return std::chrono::seconds(number(4)); }

 private:
  std::string_view rest_;
};

/// The big-endian form of a number in this many octets.
[[nodiscard]] Octets number_octets(std::size_t value, std::size_t count);

/// A multiprecision integer from its big-endian octets, leading zeros allowed.
[[nodiscard]] Octets integer_octets(std::string_view octets);

/// Throws charm::Error for a time that four octets cannot hold.
[[nodiscard]] Octets time_octets(std::chrono::sys_seconds time);

/// Returns the octets with zeros before them, `size` in all. Throws InputError if there are more.
[[nodiscard]] Octets left_padded(std::string_view octets, std::size_t size);

/// Packet types (RFC 4880, section 4.3) of keys and detached signatures. A packet that
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

/// A view of a packet in its data.
struct PacketView {
  PacketTag tag = PacketTag::signature;
  std::string_view octets;  ///< With the header.
  std::string_view body;
};

/// Removes one packet from the front, with the rules of read_packets().
[[nodiscard]] PacketView take_packet(OctetReader& reader);

/// Splits a packet sequence (RFC 4880, section 4.2) with old and new headers. Throws InputError,
/// for example for partial and indeterminate lengths, which keys and signatures must not have.
[[nodiscard]] std::vector<Packet> read_packets(std::string_view octets);

/// Appends packets with headers of the new format.
void append(Octets& octets, const Packet& packet);

[[nodiscard]] Octets octets_of(const std::vector<Packet>& packets);

/// The kind of a length. In a packet's header the octets 224 to 254 begin a partial length. In a
/// subpacket's they do not.
enum class LengthOf { packet, subpacket };

/// Reads a length of one, two or five octets (RFC 4880, sections 4.2.2 and 5.2.3.1). Throws
/// InputError for a partial length.
[[nodiscard]] std::size_t read_length(OctetReader& reader, LengthOf what);

/// Returns the shortest form of a length, the same for packets and subpackets.
[[nodiscard]] Octets length_octets(std::size_t length);

}  // namespace charm::openpgp
