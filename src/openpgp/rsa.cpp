// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rsa.hpp"

#include "charm/openpgp/input_error.hpp"
#include "openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

namespace charm::openpgp::rsa {
namespace {

constexpr std::size_t smallest_modulus = 2048 / 8;
constexpr std::size_t largest_modulus = 4096 / 8;
constexpr std::size_t largest_exponent = 8;  // A longer one makes every verification slow.

struct PublicNumbers {
  std::string_view modulus;
  std::string_view exponent;
};

PublicNumbers read_public(OctetReader& reader) {
  const std::string_view modulus = reader.integer();
  if (modulus.size() < smallest_modulus || modulus.size() > largest_modulus) {
    throw InputError("the RSA key does not have 2048 to 4096 bits");
  }
  const std::string_view exponent = reader.integer();
  if (exponent.size() > largest_exponent) {
    throw InputError("the public exponent of the RSA key is too large");
  }
  return {.modulus = modulus, .exponent = exponent};
}

/// As a secure number: only these does OpenSSL overwrite when it releases parameters.
openssl::Integer big_number(std::string_view octets) {
  openssl::Integer number(BN_secure_new());
  BN_bin2bn(openssl::bytes(octets), static_cast<int>(octets.size()), number.get());
  return number;
}

openssl::Key key_from(OSSL_PARAM_BLD* builder, int selection) {
  const openssl::Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get());
  return openssl::Key(key);
}

/// `secret` is empty for a public key. The private exponent alone is enough to sign: the primes
/// would only save a few milliseconds, and would have to be checked.
openssl::Key key_of(std::string_view public_material, std::string_view secret) {
  OctetReader reader(public_material);
  const PublicNumbers numbers = read_public(reader);
  const openssl::Integer modulus = big_number(numbers.modulus);
  const openssl::Integer exponent = big_number(numbers.exponent);
  const openssl::Integer private_exponent =
      big_number(secret.empty() ? secret : OctetReader(secret).integer());
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  if (!secret.empty()) {
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_D, private_exponent.get());
  }
  return key_from(builder.get(), secret.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR);
}

bool is_set(EVP_PKEY_CTX* context, HashAlgorithm hash) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context, EVP_get_digestbyname(openssl_name(hash))) == 1;
}

std::size_t modulus_size(std::string_view public_material) {
  OctetReader reader(public_material);
  return read_public(reader).modulus.size();
}

}  // namespace

void skip_public_material(OctetReader& reader) {
  read_public(reader);
}

Octets signature(std::string_view public_material, std::string_view secret, HashAlgorithm hash,
                 std::string_view digest) {
  const openssl::ErrorScope errors;
  const openssl::Key key = key_of(public_material, secret);
  const openssl::KeyContext context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  Octets value(modulus_size(public_material), '\0');
  std::size_t size = value.size();
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 || !is_set(context.get(), hash) ||
      EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(value.data()), &size,
                    openssl::bytes(digest), digest.size()) != 1) {
    throw InputError("the numbers of the RSA key are wrong");
  }
  value.resize(size);
  return integer_octets(value);
}

bool verifies(std::string_view public_material, std::string_view signature, HashAlgorithm hash,
              std::string_view digest) {
  const openssl::ErrorScope errors;
  const openssl::Key key = key_of(public_material, {});
  const openssl::KeyContext context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  // OpenPGP drops leading zero octets; PKCS #1 does not.
  const Octets value = left_padded(OctetReader(signature).integer(), modulus_size(public_material));
  return context && EVP_PKEY_verify_init(context.get()) == 1 && is_set(context.get(), hash) &&
         EVP_PKEY_verify(context.get(), openssl::bytes(value), value.size(), openssl::bytes(digest),
                         digest.size()) == 1;
}

}  // namespace charm::openpgp::rsa
