// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "signature.hpp"

namespace charm::openpgp {

std::vector<Subpacket> read_subpackets(std::string_view area) {
  constexpr unsigned critical = 0x80;
  OctetReader reader(area);
  std::vector<Subpacket> subpackets;
  while (!reader.empty()) {
    OctetReader one(reader.take(read_length(reader, LengthOf::subpacket)));
    const auto type = static_cast<std::uint8_t>(one.octet() & ~critical);
    subpackets.push_back({.type = SubpacketType{type}, .content = one.rest()});
  }
  return subpackets;
}

Octets subpacket(SubpacketType type, std::string_view content) {
  return length_octets(content.size() + 1)
      .append(number_octets(static_cast<std::size_t>(type), 1))
      .append(content);
}

namespace {

constexpr std::uint8_t signature_version = 4;

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

/// A subpacket that can be verified may also be in the part that is not hashed.
void read_either(Signature& signature, const Subpacket& subpacket) {
  OctetReader reader(subpacket.content);
  switch (subpacket.type) {
    case SubpacketType::issuer_key_id:
      signature.issuer_key_id = reader.take(8);
      break;
    case SubpacketType::issuer_fingerprint:
      if (subpacket.content.size() == 1 + PublicKey::fingerprint_size &&
          reader.octet() == signature_version) {
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
  if (reader.octet() != signature_version) {
    return std::nullopt;
  }
  Signature signature{.body = Octets(body)};
  signature.type = SignatureType{reader.octet()};
  signature.algorithm = PublicKeyAlgorithm{reader.octet()};
  signature.hash = HashAlgorithm{reader.octet()};
  read_areas(signature, reader);
  reader.take(2);  // The start of the digest, a shortcut to detect a wrong signature.
  signature.value = reader.rest();
  return signature;
}

Octets hashed_octets(std::string_view signed_octets, std::string_view hashed_part) {
  return Octets(signed_octets)
      .append(hashed_part)
      .append(number_octets(signature_version, 1))
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

Octets user_id_octets(const PublicKey& primary, std::string_view user_id) {
  return hashed_form(primary)
      .append("\xB4")
      .append(number_octets(user_id.size(), 4))
      .append(user_id);
}

Octets subkey_octets(const PublicKey& primary, const PublicKey& subkey) {
  return hashed_form(primary).append(hashed_form(subkey));
}

namespace {

constexpr HashAlgorithm hash = HashAlgorithm::sha512;

Octets with_size(std::string_view area) {
  return number_octets(area.size(), 2).append(area);
}

Octets hashed_subpackets(const PublicKey& signer, const Statement& statement) {
  const Octets issuer = Octets("\x04").append(signer.fingerprint);
  return subpacket(SubpacketType::issuer_fingerprint, issuer)
      .append(subpacket(SubpacketType::creation_time, time_octets(statement.created)))
      .append(statement.subpackets);
}

Octets hashed_part(const PublicKey& signer, const Statement& statement) {
  return Octets("\x04")
      .append(number_octets(static_cast<std::size_t>(statement.type), 1))
      .append(number_octets(static_cast<std::size_t>(signer.algorithm), 1))
      .append(number_octets(static_cast<std::size_t>(hash), 1))
      .append(with_size(hashed_subpackets(signer, statement)));
}

}  // namespace

Packet new_signature(const SecretKey& signer, const Statement& statement,
                     std::string_view signed_octets) {
  Packet packet{.tag = PacketTag::signature, .body = hashed_part(signer.key, statement)};
  const Octets made = digest(hash, hashed_octets(signed_octets, packet.body));
  packet.body.append(with_size(subpacket(SubpacketType::issuer_key_id, signer.key.key_id())))
      .append(std::string_view(made).substr(0, 2))
      .append(signature(signer, hash, made));
  return packet;
}

namespace {

bool is_over(std::chrono::sys_seconds start, std::chrono::seconds lifetime,
             std::chrono::sys_seconds now) {
  return lifetime > std::chrono::seconds(0) && now >= start + lifetime;
}

}  // namespace

SelfSignatures::SelfSignatures(const PublicKey& primary, std::span<const Signature> signatures,
                               std::string_view signed_octets, std::chrono::sys_seconds now) {
  for (const Signature& signature : signatures) {
    // A key may have thousands of signatures by other keys. Only its own are worth a verification.
    const bool own = signature.issuer_key_id == primary.key_id();
    if (own && !is_over(signature.created, signature.lifetime, now) &&
        verifies(primary, signature, signed_octets)) {
      valid_.push_back(signature);
    }
  }
}

std::optional<Signature> SelfSignatures::newest(SignatureType first, SignatureType last) const {
  const Signature* found = nullptr;
  for (const Signature& signature : valid_) {
    const bool wanted = signature.type >= first && signature.type <= last;
    if (wanted && (found == nullptr || signature.created >= found->created)) {
      found = &signature;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

bool is_expired(const PublicKey& key, const Signature& self_signature,
                std::chrono::sys_seconds now) {
  return is_over(key.created, self_signature.key_lifetime, now);
}

}  // namespace charm::openpgp
