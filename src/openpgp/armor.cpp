// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/armor.hpp"

#include "packet.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace charm::openpgp {
namespace {

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// OpenSSL itself accepts white space, dashes, and padding in the middle.
bool is_base64(std::string_view text, std::size_t padding) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  text.remove_suffix(padding);
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

/// Base64 (RFC 4648) on one line. At most 1 GiB.
Octets base64(std::string_view octets) {
  Octets text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(octets),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Throws InputError for any text but padded base64 without white space.
Octets from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % 4 != 0 || !is_base64(text, padding)) {
    throw InputError("the armored text is not base64");
  }
  Octets octets(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), bytes(text),
                  static_cast<int>(text.size()));
  octets.resize(octets.size() - padding);
  return octets;
}

constexpr std::string_view white_space = " \t\r\n";

constexpr std::array<std::pair<ArmorType, std::string_view>, 3> labels{{
    {ArmorType::public_key, "PGP PUBLIC KEY BLOCK"},
    {ArmorType::private_key, "PGP PRIVATE KEY BLOCK"},
    {ArmorType::signature, "PGP SIGNATURE"},
}};

std::string boundary(const char* word, std::string_view label) {
  return std::string("-----").append(word).append(" ").append(label).append("-----");
}

std::string_view label_of(ArmorType type) {
  return std::ranges::find(labels, type, &std::pair<ArmorType, std::string_view>::first)->second;
}

ArmorType type_of(std::string_view first_line) {
  for (const auto& [type, label] : labels) {
    if (first_line == boundary("BEGIN", label)) {
      return type;
    }
  }
  throw InputError("the text is not an armored OpenPGP key or signature");
}

/// RFC 4880, section 6.1, as the three octets of the checksum line.
Octets crc24(std::string_view octets) {
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
  return number_octets(crc, 3);
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

/// Removes and returns the first line, without its newline and trailing white space.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line.substr(0, line.find_last_not_of(white_space) + 1);
}

void skip_headers(std::string_view& text) {
  for (std::string_view line = next_line(text); !line.empty(); line = next_line(text)) {
    if (line.find(": ") == std::string_view::npos && !line.ends_with(':')) {
      throw InputError("the armored block has no empty line before its data");
    }
  }
}

/// The data of a block and its checksum, if there is one, with its equals sign.
struct ArmorLines {
  Octets data;
  std::string_view checksum;
};

ArmorLines read_lines(std::string_view& text, const std::string& end) {
  ArmorLines lines;
  for (std::string_view line = next_line(text); line != end; line = next_line(text)) {
    if (line.empty() || !lines.checksum.empty()) {
      throw InputError("the armored block is cut off or damaged");
    }
    if (line.starts_with('=')) {
      lines.checksum = line;
    } else {
      lines.data += line;
    }
  }
  return lines;
}

}  // namespace

Octets armored_text(ArmorType type, std::string_view octets) {
  constexpr std::size_t octets_a_line = 48;
  Octets text;
  text.append(boundary("BEGIN", label_of(type))).append("\n\n");
  for (std::size_t at = 0; at < octets.size(); at += octets_a_line) {
    text.append(base64(octets.substr(at, octets_a_line))).append("\n");
  }
  text.append("=").append(base64(crc24(octets))).append("\n");
  return text.append(boundary("END", label_of(type))).append("\n");
}

std::string armor(ArmorType type, std::string_view octets) {
  return std::string(std::string_view(armored_text(type, octets)));
}

ArmoredBlock dearmor(std::string_view text) {
  text = trimmed(text);
  const ArmorType type = type_of(next_line(text));
  skip_headers(text);
  const ArmorLines lines = read_lines(text, boundary("END", label_of(type)));
  if (!text.empty()) {
    throw InputError("there is something after the armored block");
  }
  ArmoredBlock block{.type = type, .octets = from_base64(lines.data)};
  if (!lines.checksum.empty() && from_base64(lines.checksum.substr(1)) != crc24(block.octets)) {
    throw InputError("the checksum of the armored block is wrong");
  }
  return block;
}

}  // namespace charm::openpgp
