// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// OpenPGP or reconciliation data that violates the standard or the protocol.
class MalformedData : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads big-endian numbers and octet strings from the front of a buffer. Every member throws
/// MalformedData if the buffer is too short.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  bool empty() const { return rest_.empty(); }

  /// The octets that have not been read yet.
  std::string_view rest() const { return rest_; }

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      throw MalformedData("the data is cut off");
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
std::string hex_of(std::string_view octets);
/// The inverse of `hex_of`.
std::string octets_of_hex(std::string_view digits);

/// Base64 on one line.
std::string base64(std::string_view octets);
/// Throws MalformedData.
std::string from_base64(std::string_view text);

/// The letters A to Z in lower case.
std::string lower_case(std::string text);
/// The text of an error number as Go prints it, in lower case.
std::string error_text(int number);

/// Returns the octets of a file; nothing if it cannot be opened.
std::optional<std::string> file_text(const std::filesystem::path& path);

/// Returns the digest of octets with an OpenSSL algorithm: EVP_md5(), EVP_sha256(), …
std::string digest_of(const EVP_MD* algorithm, std::string_view octets);

}  // namespace rehearsal::keyserver
