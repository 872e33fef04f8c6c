// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"

// The functions that OpenSSL 3 would rather have called first read its configuration and learn the
// names of all its algorithms: a third of the time of a hook that finds nothing to do.
#define OPENSSL_API_COMPAT 10100
#include <openssl/sha.h>

#include <array>

namespace charm {

std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string hexadecimal;
  for (const unsigned char byte : digest) {
    hexadecimal += alphabet[byte >> 4U];
    hexadecimal += alphabet[byte & 0xFU];
  }
  return hexadecimal;
}

}  // namespace charm
