// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace rehearsal::keyserver {

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
