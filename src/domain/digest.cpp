// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include "charm/domain/error.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace charm {

std::string sha256(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  std::size_t length = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest.data(), &length) !=
          1 ||
      length != digest.size()) {
    throw Error("OpenSSL has no SHA-256");
  }
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string hexadecimal;
  for (const unsigned char byte : digest) {
    hexadecimal += alphabet[byte >> 4U];
    hexadecimal += alphabet[byte & 0xFU];
  }
  return hexadecimal;
}

}  // namespace charm
