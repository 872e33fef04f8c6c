// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "new_signature.hpp"

#include "octet_reader.hpp"
#include "subpacket.hpp"

namespace charm::openpgp {
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

}  // namespace charm::openpgp
