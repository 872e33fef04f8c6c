// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace charm::openpgp {

/// Reads numbers and octets from the front of a buffer that outlives it. Every member throws
/// InputError when the buffer is too short.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  /// What has not been read yet.
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

/// The octets with zeros before them, `size` in all. Throws InputError when there are more.
[[nodiscard]] Octets left_padded(std::string_view octets, std::size_t size);

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string hexadecimal(std::string_view octets);

}  // namespace charm::openpgp
