// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "xz_container.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <vector>

namespace test {

namespace {

/// Reflected CRC, initial value and final xor all ones, as .xz defines both of its checks.
template <typename Word>
Word crc(std::string_view bytes, Word polynomial) {
  std::array<Word, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    Word word = static_cast<Word>(i);
    for (int bit = 0; bit < 8; ++bit) {
      word = (word & 1U) != 0 ? (word >> 1U) ^ polynomial : word >> 1U;
    }
    table[i] = word;
  }
  Word result = ~Word{0};
  for (const char c : bytes) {
    result = table[(result ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (result >> 8U);
  }
  return ~result;
}

std::string little_endian(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i, value >>= 8U) {
    bytes += static_cast<char>(value & 0xFFU);
  }
  return bytes;
}

std::string crc32(std::string_view bytes) {
  return little_endian(crc<std::uint32_t>(bytes, 0xEDB88320U), 4);
}

std::string crc64(std::string_view bytes) {
  return little_endian(crc<std::uint64_t>(bytes, 0xC96C5795D7870F42U), 8);
}

std::string padding(std::size_t size) {
  return std::string((4 - size % 4) % 4, '\0');
}

/// Seven bits a byte, least significant first (section 1.2).
std::string multibyte_integer(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80U; value >>= 7U) {
    bytes += static_cast<char>((value & 0x7FU) | 0x80U);
  }
  return bytes + static_cast<char>(value);
}

/// LZMA2 chunks without compression: control byte 1 (dictionary reset) or 2, the size less one in
/// two bytes, most significant first; 0 ends them.
std::string lzma2_chunks(std::string_view bytes) {
  constexpr std::size_t largest_chunk = 0x10000;
  std::string chunks;
  for (char control = 1; !bytes.empty(); control = 2) {
    const auto chunk = bytes.substr(0, largest_chunk);
    bytes.remove_prefix(chunk.size());
    const auto size = chunk.size() - 1;
    chunks += control;
    chunks += static_cast<char>(size >> 8U);
    chunks += static_cast<char>(size & 0xFFU);
    chunks += chunk;
  }
  return chunks + '\0';
}

}  // namespace

std::string xz_stored(std::string_view bytes) {
  const std::string flags("\x00\x04", 2);  // Check CRC64.
  const std::string header = std::string(
                                 "\xFD"
                                 "7zXZ\0",
                                 6) +
                             flags + crc32(flags);

  // One block; its header is 12 bytes without the sizes: one filter, LZMA2 (id 0x21), whose one
  // property byte 0x16 is a dictionary of 8 MiB.
  const std::string block_header_body("\x02\x00\x21\x01\x16\x00\x00\x00", 8);
  const std::string block_header = block_header_body + crc32(block_header_body);
  const std::string data = lzma2_chunks(bytes);
  const std::string check = crc64(bytes);

  const std::size_t unpadded_size = block_header.size() + data.size() + check.size();
  std::string index = std::string(1, '\0') + multibyte_integer(1) +
                      multibyte_integer(unpadded_size) + multibyte_integer(bytes.size());
  index += padding(index.size());
  index += crc32(index);

  const std::string footer_body = little_endian(index.size() / 4 - 1, 4) + flags;
  return header + block_header + data + padding(data.size()) + check + index + crc32(footer_body) +
         footer_body + "YZ";
}

std::string base64(std::string_view bytes) {
  std::vector<unsigned char> encoded(4 * ((bytes.size() + 2) / 3) + 1);
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  const int length = EVP_EncodeBlock(encoded.data(), data, static_cast<int>(bytes.size()));
  return {encoded.begin(), encoded.begin() + length};
}

}  // namespace test
