// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "signature.hpp"

#include "octet_reader.hpp"
#include "subpacket.hpp"

namespace charm::openpgp {
namespace {

constexpr std::uint8_t version = 4;

void read_hashed(Signature& signature, const Subpacket& subpacket) {
  OctetReader reader(subpacket.content);
  switch (subpacket.type) {
    case SubpacketType::creation_time:
      signature.created = reader.time();
      break;
    case SubpacketType::expiration_time:
      signature.lifetime = reader.duration();
      break;
    case SubpacketType::key_expiration_time:
      signature.key_lifetime = reader.duration();
      break;
    case SubpacketType::primary_user_id:
      signature.primary_user_id = reader.octet() != 0;
      break;
    case SubpacketType::key_flags:
      signature.key_flags = reader.empty() ? 0 : reader.octet();
      break;
    default:
      break;
  }
}

/// What proves itself may stand outside of the hashed part too.
void read_either(Signature& signature, const Subpacket& subpacket) {
  OctetReader reader(subpacket.content);
  switch (subpacket.type) {
    case SubpacketType::issuer_key_id:
      signature.issuer_key_id = reader.take(8);
      break;
    case SubpacketType::issuer_fingerprint:
      if (subpacket.content.size() == 1 + PublicKey::fingerprint_size &&
          reader.octet() == version) {
        signature.issuer_key_id = subpacket.content.substr(13);
      }
      break;
    case SubpacketType::embedded_signature:
      signature.embedded_signature = reader.rest();
      break;
    default:
      break;
  }
}

void read_areas(Signature& signature, OctetReader& reader) {
  for (const Subpacket& each : read_subpackets(reader.take(reader.number(2)))) {
    read_hashed(signature, each);
    read_either(signature, each);
  }
  signature.hashed_part = signature.body.substr(0, signature.body.size() - reader.rest().size());
  for (const Subpacket& each : read_subpackets(reader.take(reader.number(2)))) {
    read_either(signature, each);
  }
}

}  // namespace

std::optional<Signature> read_signature(std::string_view body) {
  OctetReader reader(body);
  if (reader.octet() != version) {
    return std::nullopt;
  }
  Signature signature{.body = Octets(body)};
  signature.type = SignatureType{reader.octet()};
  signature.algorithm = PublicKeyAlgorithm{reader.octet()};
  signature.hash = HashAlgorithm{reader.octet()};
  read_areas(signature, reader);
  reader.take(2);  // The start of the digest, for those who want to save a verification.
  signature.value = reader.rest();
  return signature;
}

Octets hashed_octets(std::string_view signed_octets, std::string_view hashed_part) {
  return Octets(signed_octets)
      .append(hashed_part)
      .append(number_octets(version, 1))
      .append("\xFF")
      .append(number_octets(hashed_part.size(), 4));
}

bool verifies(const PublicKey& key, const Signature& signature, std::string_view signed_octets) {
  if (openssl_name(signature.hash) == nullptr || signature.algorithm != key.algorithm) {
    return false;
  }
  const Octets octets = hashed_octets(signed_octets, signature.hashed_part);
  return verifies(key, signature.value, signature.hash, digest(signature.hash, octets));
}

}  // namespace charm::openpgp
