// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include "openssl.hpp"

namespace charm::openpgp {
namespace {

Octets digest_by_name(const char* name, std::string_view octets) {
  Octets result(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  const int done = EVP_Q_digest(nullptr, name, nullptr, octets.data(), octets.size(),
                                reinterpret_cast<unsigned char*>(result.data()), &size);
  openssl::require(done == 1, "make a digest");
  result.resize(size);
  return result;
}

}  // namespace

const char* openssl_name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha256:
      return "SHA2-256";
    case HashAlgorithm::sha384:
      return "SHA2-384";
    case HashAlgorithm::sha512:
      return "SHA2-512";
    case HashAlgorithm::sha224:
      return "SHA2-224";
  }
  return nullptr;
}

Octets digest(HashAlgorithm algorithm, std::string_view octets) {
  const char* name = openssl_name(algorithm);
  openssl::require(name != nullptr, "make a digest");
  return digest_by_name(name, octets);
}

Octets sha1(std::string_view octets) {
  return digest_by_name("SHA1", octets);
}

Octets md5(std::string_view octets) {
  return digest_by_name("MD5", octets);
}

}  // namespace charm::openpgp
