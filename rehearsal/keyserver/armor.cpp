// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/armor.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>

namespace rehearsal::keyserver {
namespace {

constexpr std::string_view dashes = "-----";

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// RFC 9580, section 6.1.
std::uint32_t crc24(std::string_view octets) {
  std::uint32_t crc = 0xB704CE;
  for (const char octet : octets) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(octet)) << 16U;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1U;
      if ((crc & 0x1000000U) != 0) {
        crc ^= 0x1864CFBU;
      }
    }
  }
  return crc & 0xFFFFFFU;
}

/// Cuts the first line off a text; the line loses its end and trailing white space.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// "X" of "-----BEGIN X-----" (or END); empty for any other line.
std::string_view label(std::string_view line, std::string_view word) {
  const std::string start = std::string(dashes) + std::string(word) + " ";
  if (!line.starts_with(start) || !line.ends_with(dashes) ||
      line.size() <= start.size() + dashes.size()) {
    return {};
  }
  return line.substr(start.size(), line.size() - start.size() - dashes.size());
}

void skip_headers(std::string_view& text) {
  while (!text.empty() && !next_line(text).empty()) {
  }
}

}  // namespace

std::optional<ArmoredBlock> read_armor(std::string_view text) {
  std::string_view type;
  while (type.empty()) {
    if (text.empty()) {
      return std::nullopt;
    }
    type = label(next_line(text), "BEGIN");
  }
  skip_headers(text);
  std::string encoded;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (label(line, "END") == type) {
      return ArmoredBlock{.type = std::string(type), .body = from_base64(encoded)};
    }
    // The checksum is optional and, where present, not worth refusing a key for (section 6.1).
    if (!line.starts_with('=')) {
      encoded += line;
    }
  }
  throw MalformedData("armored block without an end");
}

std::string write_armor(const std::string& type, const ArmorHeaders& headers,
                        std::string_view body) {
  std::string result = "-----BEGIN " + type + "-----\n";
  for (const auto& [name, value] : headers) {
    result.append(name).append(": ").append(value).append("\n");
  }
  result += '\n';
  constexpr std::size_t octets_a_line = 48;
  for (std::size_t at = 0; at < body.size(); at += octets_a_line) {
    result += base64(body.substr(at, octets_a_line)) + "\n";
  }
  result += "=" + base64(octets_of(crc24(body), 3)) + "\n";
  return result + "-----END " + type + "-----";
}

std::string base64(std::string_view octets) {
  std::string result((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes(octets),
                                     static_cast<int>(octets.size()));
  result.resize(static_cast<std::size_t>(length));
  return result;
}

std::string from_base64(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  std::string result(text.size() / 4 * 3 + 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes(text),
                                     static_cast<int>(text.size()));
  if (length < 0 || text.size() % 4 != 0) {
    throw MalformedData("not base64");
  }
  // OpenSSL counts the padding in.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  result.resize(static_cast<std::size_t>(length) - padding);
  return result;
}

}  // namespace rehearsal::keyserver
