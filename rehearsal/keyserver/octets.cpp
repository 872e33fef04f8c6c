// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string hex_of(std::string_view octets) {
  std::string result;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    result += hexadecimal[value >> 4U];
    result += hexadecimal[value & 0xFU];
  }
  return result;
}

std::string octets_of_hex(std::string_view digits) {
  const auto value_of = [](char digit) { return static_cast<unsigned>(hexadecimal.find(digit)); };
  std::string result;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    result += static_cast<char>(value_of(digits[i]) << 4U | value_of(digits[i + 1]));
  }
  return result;
}

std::string base64(std::string_view octets) {
  std::string result((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes(octets),
                                     static_cast<int>(octets.size()));
  result.resize(static_cast<std::size_t>(length));
  return result;
}

std::string from_base64(std::string_view text) {
  std::string result(text.size() / 4 * 3 + 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes(text),
                                     static_cast<int>(text.size()));
  if (length < 0 || text.size() % 4 != 0) {
    throw MalformedData("not base64");
  }
  // OpenSSL counts the padding as octets.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  result.resize(static_cast<std::size_t>(length) - padding);
  return result;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

std::string error_text(int number) {
  return lower_case(std::strerror(number));
}

std::optional<std::string> file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string digest_of(const EVP_MD* algorithm, std::string_view octets) {
  std::array<char, EVP_MAX_MD_SIZE> result{};
  unsigned int length = 0;
  if (EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(result.data()),
                 &length, algorithm, nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot make the digest");
  }
  return {result.data(), length};
}

}  // namespace rehearsal::keyserver
