// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// OpenPGP data that does not have the form the standard gives it.
class MalformedData : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads big-endian numbers and octet strings from the front of a buffer. Every member throws
/// MalformedData when the buffer is too short.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  bool empty() const { return rest_.empty(); }

  /// What has not been read yet.
  std::string_view rest() const { return rest_; }

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      throw MalformedData("OpenPGP data ends too early");
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  /// An unsigned number of up to eight octets.
  std::uint64_t number(std::size_t octets) {
    std::uint64_t value = 0;
    for (const char octet : take(octets)) {
      value = value << 8U | static_cast<unsigned char>(octet);
    }
    return value;
  }

  std::uint8_t octet() { return static_cast<std::uint8_t>(number(1)); }

 private:
  std::string_view rest_;
};

/// The big-endian form of a number in this many octets.
inline std::string octets_of(std::uint64_t value, std::size_t count) {
  std::string result(count, '\0');
  for (std::size_t i = count; i > 0; --i, value >>= 8U) {
    result[i - 1] = static_cast<char>(value & 0xFFU);
  }
  return result;
}

/// Lower-case hexadecimal digits.
inline std::string hex_of(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    result += digits[value >> 4U];
    result += digits[value & 0xFU];
  }
  return result;
}

/// What `hex_of` made these digits of.
inline std::string octets_of_hex(std::string_view digits) {
  const auto value_of = [](char digit) {
    return static_cast<unsigned>(std::string_view("0123456789abcdef").find(digit));
  };
  std::string result;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    result += static_cast<char>(value_of(digits[i]) << 4U | value_of(digits[i + 1]));
  }
  return result;
}

}  // namespace rehearsal::keyserver
