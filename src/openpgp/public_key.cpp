// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "public_key.hpp"

#include "charm/openpgp/input_error.hpp"
#include "ed25519.hpp"
#include "rsa.hpp"

#include <string>

namespace charm::openpgp {
namespace {

constexpr std::uint8_t version = 4;

/// Returns the part of a body that a reader has passed since.
std::string_view taken(std::string_view before, const OctetReader& reader) {
  return before.substr(0, before.size() - reader.rest().size());
}

void skip_material(OctetReader& reader, PublicKeyAlgorithm algorithm) {
  if (algorithm == PublicKeyAlgorithm::eddsa) {
    ed25519::skip_public_material(reader);
  } else {
    rsa::skip_public_material(reader);
  }
}

PublicKeyAlgorithm read_algorithm(OctetReader& reader) {
  const std::uint8_t algorithm = reader.octet();
  if (!is_supported(algorithm)) {
    throw InputError("the key has public-key algorithm " + std::to_string(algorithm) +
                     "; it must be Ed25519 (22) or RSA (1)");
  }
  return PublicKeyAlgorithm{algorithm};
}

Octets fingerprint(const PublicKey& key) {
  return sha1(hashed_form(key));
}

}  // namespace

bool is_supported(std::uint8_t algorithm) {
  switch (PublicKeyAlgorithm{algorithm}) {
    case PublicKeyAlgorithm::rsa:
    case PublicKeyAlgorithm::rsa_sign_only:
    case PublicKeyAlgorithm::eddsa:
      return true;
  }
  return false;
}

PublicKey read_public_key(OctetReader& reader) {
  const std::string_view body = reader.rest();
  const std::uint8_t found = reader.octet();
  if (found != version) {
    throw InputError("the key is of version " + std::to_string(found) + ", not 4");
  }
  PublicKey key{.created = reader.time(), .algorithm = read_algorithm(reader)};
  const std::string_view material = reader.rest();
  skip_material(reader, key.algorithm);
  key.material = taken(material, reader);
  key.body = taken(body, reader);
  key.fingerprint = fingerprint(key);
  return key;
}

PublicKey public_key(std::chrono::sys_seconds created, PublicKeyAlgorithm algorithm,
                     std::string_view material) {
  PublicKey key{.created = created, .algorithm = algorithm, .material = Octets(material)};
  key.body.append(number_octets(version, 1))
      .append(time_octets(created))
      .append(number_octets(static_cast<std::size_t>(algorithm), 1))
      .append(material);
  key.fingerprint = fingerprint(key);
  return key;
}

Octets hashed_form(const PublicKey& key) {
  return Octets("\x99").append(number_octets(key.body.size(), 2)).append(key.body);
}

bool verifies(const PublicKey& key, std::string_view signature, HashAlgorithm hash,
              std::string_view digest) {
  return key.algorithm == PublicKeyAlgorithm::eddsa
             ? ed25519::verifies(key.material, signature, digest)
             : rsa::verifies(key.material, signature, hash, digest);
}

}  // namespace charm::openpgp
