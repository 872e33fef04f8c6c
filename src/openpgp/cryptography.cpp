// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "cryptography.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace charm::openpgp {
namespace {
namespace openssl {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Integer = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

/// Drops the errors that OpenSSL queues during its lifetime. Wrong data causes such errors, and a
/// TLS connection of the same thread would report them as its own.
class ErrorScope {
 public:
  ErrorScope() { ERR_set_mark(); }

  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;

  ~ErrorScope() { ERR_pop_to_mark(); }
};

const unsigned char* bytes(std::string_view octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

/// For calls that fail only if memory is short, or if OpenSSL differs from the one at build time.
void require(bool done, const char* what) {
  if (!done) {
    throw Error(std::string("OpenSSL cannot ") + what);
  }
}

}  // namespace openssl

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

void cleanse(void* memory, std::size_t size) noexcept {
  OPENSSL_cleanse(memory, size);
}

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

namespace ed25519 {
namespace {

constexpr std::size_t key_size = 32;

/// The length and OID 1.3.6.1.4.1.11591.15.1.
constexpr std::string_view curve = "\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01";

/// Marks a point in the form of RFC 8032.
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

}  // namespace ed25519

namespace rsa {
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

/// Returns a secure number: OpenSSL overwrites only these when it releases parameters.
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

/// `secret` is empty for a public key. The private exponent alone is enough to sign. The primes
/// would save only a few milliseconds and would need checks.
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

}  // namespace rsa

}  // namespace charm::openpgp
