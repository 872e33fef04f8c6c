// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/verification.hpp"

#include "rehearsal/keyserver/digest.hpp"
#include "rehearsal/keyserver/octets.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <optional>

namespace rehearsal::keyserver {
namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using VerifyContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Integer = std::unique_ptr<BIGNUM, Release<BN_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using EcdsaValue = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// RFC 9580, section 9.5. MD5 is out; SHA-1 is still found in old self-signatures.
const EVP_MD* hash_algorithm(int code) {
  switch (code) {
    case 2:
      return EVP_sha1();
    case 8:
      return EVP_sha256();
    case 9:
      return EVP_sha384();
    case 10:
      return EVP_sha512();
    case 11:
      return EVP_sha224();
    default:
      return nullptr;
  }
}

std::string signature_digest(const Signature& signature, const EVP_MD* hash,
                             std::string_view octets) {
  const std::size_t count_octets = 4;
  std::string all = signature.salt;
  all += octets;
  all += signature.hashed_part;
  all += octets_of(static_cast<std::uint64_t>(signature.version), 1) + "\xFF" +
         octets_of(signature.hashed_part.size(), count_octets);
  return digest_of(hash, all);
}

std::string_view read_integer(OctetReader& data) {
  return data.take(static_cast<std::size_t>(data.number(2) + 7) / 8);
}

Integer big_number(std::string_view octets) {
  return Integer(BN_bin2bn(bytes(octets), static_cast<int>(octets.size()), nullptr));
}

Key key_from_parameters(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  }
  return Key(key);
}

bool verify_digest(EVP_PKEY* key, const EVP_MD* hash, std::string_view value,
                   std::string_view digest) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  return context && EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), hash) == 1 &&
         EVP_PKEY_verify(context.get(), bytes(value), value.size(), bytes(digest), digest.size()) ==
             1;
}

bool verify_rsa(const PublicKey& signer, const EVP_MD* hash, std::string_view value,
                std::string_view digest) {
  OctetReader material(signer.material);
  const std::string_view modulus_octets = read_integer(material);
  const Integer modulus = big_number(modulus_octets);
  const Integer exponent = big_number(read_integer(material));
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const Key key = key_from_parameters("RSA", builder.get());
  OctetReader integers(value);
  std::string power(read_integer(integers));
  if (!key || power.size() > modulus_octets.size()) {
    return false;
  }
  // OpenPGP drops leading zero octets; PKCS #1 does not.
  power.insert(0, modulus_octets.size() - power.size(), '\0');
  return verify_digest(key.get(), hash, power, digest);
}

const char* openssl_curve(const std::string& name) {
  if (name == "P256") {
    return "P-256";
  }
  if (name == "P384") {
    return "P-384";
  }
  return name == "P521" ? "P-521" : nullptr;
}

/// The signature in the DER form that OpenSSL takes.
std::string ecdsa_value(std::string_view value) {
  OctetReader integers(value);
  Integer r = big_number(read_integer(integers));
  Integer s = big_number(read_integer(integers));
  const EcdsaValue pair(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
    return {};
  }
  // Both belong to the pair now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  std::string result(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return result;
}

bool verify_ecdsa(const PublicKey& signer, const EVP_MD* hash, std::string_view value,
                  std::string_view digest) {
  const char* curve = openssl_curve(signer.curve);
  if (curve == nullptr) {
    return false;
  }
  OctetReader material(signer.material);
  material.take(material.octet());
  const std::string_view point = read_integer(material);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const Key key = key_from_parameters("EC", builder.get());
  return key && verify_digest(key.get(), hash, ecdsa_value(value), digest);
}

/// In OpenPGP, Ed25519 signs the digest, not the data.
bool verify_ed25519(std::string_view point, std::string_view value, std::string_view digest) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(point), point.size()));
  const VerifyContext context(EVP_MD_CTX_new());
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(value), value.size(), bytes(digest),
                          digest.size()) == 1;
}

bool verify_eddsa_legacy(const PublicKey& signer, std::string_view value, std::string_view digest) {
  constexpr std::size_t half = 32;
  OctetReader material(signer.material);
  material.take(material.octet());
  std::string_view point = read_integer(material);
  if (point.size() != half + 1 || point.front() != '\x40') {
    return false;
  }
  point.remove_prefix(1);
  OctetReader integers(value);
  std::string native;
  for (int i = 0; i < 2; ++i) {
    const std::string_view integer = read_integer(integers);
    if (integer.size() > half) {
      return false;
    }
    native += std::string(half - integer.size(), '\0');
    native += integer;
  }
  return verify_ed25519(point, native, digest);
}

bool verify_value(const Signature& signature, const PublicKey& signer, const EVP_MD* hash,
                  std::string_view digest) {
  switch (signer.algorithm) {
    case public_key_algorithm::rsa:
    case public_key_algorithm::rsa_sign_only:
      return verify_rsa(signer, hash, signature.value, digest);
    case public_key_algorithm::ecdsa:
      return verify_ecdsa(signer, hash, signature.value, digest);
    case public_key_algorithm::eddsa_legacy:
      return verify_eddsa_legacy(signer, signature.value, digest);
    case public_key_algorithm::ed25519:
      return verify_ed25519(signer.material, signature.value, digest);
    default:
      return false;
  }
}

}  // namespace

bool verifies(const Signature& signature, const PublicKey& signer, std::string_view signed_octets) {
  const EVP_MD* hash = hash_algorithm(signature.hash_algorithm);
  if (hash == nullptr || signature.public_key_algorithm != signer.algorithm) {
    return false;
  }
  try {
    return verify_value(signature, signer, hash, signature_digest(signature, hash, signed_octets));
  } catch (const MalformedData&) {
    return false;
  }
}

bool has_matching_digest(const Signature& signature, std::string_view signed_octets) {
  const EVP_MD* hash = hash_algorithm(signature.hash_algorithm);
  return hash != nullptr &&
         signature_digest(signature, hash, signed_octets).starts_with(signature.digest_start);
}

std::string document_octets(const Signature& signature, std::string_view document) {
  if (signature.type != signature_type::text) {
    return std::string(document);
  }
  std::string result;
  for (const char letter : document) {
    if (letter == '\n' && !result.ends_with('\r')) {
      result += '\r';
    }
    result += letter;
  }
  return result;
}

}  // namespace rehearsal::keyserver
