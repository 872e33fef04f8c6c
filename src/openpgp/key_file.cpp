// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/key_file.hpp"

#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/input_error.hpp"

namespace charm::openpgp {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view begin_mark = "-----BEGIN PGP ";
constexpr std::string_view end_mark = "-----END PGP ";

/// Where a line begins with these words, or npos.
std::size_t find_line(std::string_view text, std::string_view words, std::size_t from) {
  std::size_t found = text.find(words, from);
  while (found != std::string_view::npos && found != 0 && text[found - 1] != '\n') {
    found = text.find(words, found + 1);
  }
  return found;
}

/// The block that begins there, to the end of its last line.
std::string_view block_at(std::string_view text, std::size_t begin) {
  const std::size_t end = find_line(text, end_mark, begin);
  if (end == std::string_view::npos) {
    throw InputError("an armored block is cut off");
  }
  return text.substr(begin, text.find('\n', end) - begin);
}

void append_block(std::string& packets, std::string_view block) {
  const ArmoredBlock read = dearmor(block);
  if (read.type == ArmorType::private_key) {
    throw InputError("there is a secret key in it, which no keyserver may have");
  }
  if (read.type != ArmorType::public_key) {
    throw InputError("there is an armored block in it that is no public key");
  }
  packets += read.octets;
}

}  // namespace

bool is_binary(std::string_view file) {
  return !file.empty() && (static_cast<unsigned char>(file.front()) & 0x80U) != 0 &&
         !file.starts_with(byte_order_mark);
}

std::string key_packets(std::string file) {
  if (file.empty() || is_binary(file)) {
    return file;
  }
  const std::string_view text =
      std::string_view(file).substr(file.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  std::size_t begin = find_line(text, begin_mark, 0);
  if (begin == std::string_view::npos) {
    throw InputError("it holds neither OpenPGP packets nor an armored block of them");
  }
  std::string packets;
  while (begin != std::string_view::npos) {
    const std::string_view block = block_at(text, begin);
    append_block(packets, block);
    begin = find_line(text, begin_mark, begin + block.size());
  }
  return packets;
}

}  // namespace charm::openpgp
