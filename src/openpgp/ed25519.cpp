// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "ed25519.hpp"

#include "charm/openpgp/input_error.hpp"
#include "openssl.hpp"

#include <openssl/rand.h>

namespace charm::openpgp::ed25519 {
namespace {

constexpr std::size_t key_size = 32;

/// 1.3.6.1.4.1.11591.15.1 after its length.
constexpr std::string_view curve = "\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01";

/// Says that the point is in the form of RFC 8032.
constexpr char native_point = 0x40;

openssl::Key secret_key(std::string_view seed) {
  openssl::Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, openssl::bytes(seed), seed.size()));
  openssl::require(key != nullptr, "use an Ed25519 key");
  return key;
}

std::string_view read_point(OctetReader& reader) {
  if (!reader.rest().starts_with(curve)) {
    throw InputError("the curve of the key is not Ed25519");
  }
  reader.take(curve.size());
  std::string_view point = reader.integer();
  if (point.size() != key_size + 1 || point.front() != native_point) {
    throw InputError("the Ed25519 public key is malformed");
  }
  point.remove_prefix(1);
  return point;
}

}  // namespace

Octets random_seed() {
  Octets seed(key_size, '\0');
  const int done =
      RAND_priv_bytes(reinterpret_cast<unsigned char*>(seed.data()), static_cast<int>(seed.size()));
  openssl::require(done == 1, "make random numbers");
  return seed;
}

Octets public_material(std::string_view seed) {
  Octets point(key_size + 1, native_point);
  std::size_t size = key_size;
  const int done = EVP_PKEY_get_raw_public_key(
      secret_key(seed).get(), reinterpret_cast<unsigned char*>(point.data()) + 1, &size);
  openssl::require(done == 1, "compute an Ed25519 public key");
  return Octets(curve).append(integer_octets(point));
}

void skip_public_material(OctetReader& reader) {
  read_point(reader);
}

Octets signature(std::string_view secret, std::string_view digest) {
  const openssl::Key key = secret_key(left_padded(OctetReader(secret).integer(), key_size));
  const openssl::DigestContext context(EVP_MD_CTX_new());
  Octets value(2 * key_size, '\0');
  std::size_t size = value.size();
  const bool done = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(value.data()),
                                   &size, openssl::bytes(digest), digest.size()) == 1;
  openssl::require(done, "sign with an Ed25519 key");
  const std::string_view halves(value);
  return integer_octets(halves.substr(0, key_size)).append(integer_octets(halves.substr(key_size)));
}

bool verifies(std::string_view public_material, std::string_view signature,
              std::string_view digest) {
  const openssl::ErrorScope errors;
  OctetReader material(public_material);
  const std::string_view point = read_point(material);
  OctetReader integers(signature);
  Octets value = left_padded(integers.integer(), key_size);
  value += left_padded(integers.integer(), key_size);
  const openssl::Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, openssl::bytes(point), point.size()));
  const openssl::DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), openssl::bytes(value), value.size(),
                          openssl::bytes(digest), digest.size()) == 1;
}

}  // namespace charm::openpgp::ed25519
