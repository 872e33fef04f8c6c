// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include "charm/domain/error.hpp"

#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace charm::cos {

std::string shake256_hex(std::string_view text, std::size_t size) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::vector<unsigned char> digest(size);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_shake256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinalXOF(context.get(), digest.data(), digest.size()) != 1) {
    throw Error("OpenSSL cannot compute SHAKE256");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const unsigned byte : digest) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 0xFU];
  }
  return hex;
}

std::string content_uuid(std::string_view text) {
  std::string hex = shake256_hex(text, 16);
  hex[12] = '8';  // Version: the maker of the UUID chose its content.
  hex[16] = 'a';  // Variant of RFC 9562.
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    hex.insert(dash, 1, '-');
  }
  return hex;
}

}  // namespace charm::cos
