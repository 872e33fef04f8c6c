// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/signature.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <algorithm>
#include <string_view>

namespace rehearsal::keyserver {
namespace {

/// Subpacket types of RFC 9580, section 5.2.3.7.
namespace subpacket {
constexpr unsigned creation_time = 2;
constexpr unsigned expiration_time = 3;
constexpr unsigned key_expiration_time = 9;
constexpr unsigned issuer_key_id = 16;
constexpr unsigned primary_user_id = 25;
constexpr unsigned policy_uri = 26;
constexpr unsigned key_flags = 27;
constexpr unsigned reason_for_revocation = 29;
constexpr unsigned embedded_signature = 32;
constexpr unsigned issuer_fingerprint = 33;
}  // namespace subpacket

std::size_t subpacket_length(OctetReader& data) {
  const std::uint8_t first = data.octet();
  if (first < 192) {
    return first;
  }
  if (first < 255) {
    return ((first - 192U) << 8U) + data.octet() + 192U;
  }
  return data.number(4);
}

/// A lifetime of zero is none.
std::optional<std::int64_t> lifetime(OctetReader& data) {
  const auto seconds = static_cast<std::int64_t>(data.number(4));
  return seconds == 0 ? std::nullopt : std::optional(seconds);
}

void read_issuer_fingerprint(Signature& signature, OctetReader& data) {
  const int version = data.octet();
  signature.issuer_fingerprint = hex_of(data.rest());
  if (signature.issuer_fingerprint.size() < 40) {
    throw MalformedData("issuer fingerprint");
  }
  signature.issuer_key_id = version == 4 ? signature.issuer_fingerprint.substr(24)
                                         : signature.issuer_fingerprint.substr(0, 16);
}

/// What only the issuer can have said: these count in the hashed area alone.
void read_hashed(Signature& signature, unsigned type, OctetReader data) {
  switch (type) {
    case subpacket::creation_time:
      signature.creation = static_cast<std::int64_t>(data.number(4));
      break;
    case subpacket::expiration_time:
      signature.lifetime = lifetime(data);
      break;
    case subpacket::key_expiration_time:
      signature.key_lifetime = lifetime(data);
      break;
    case subpacket::primary_user_id:
      signature.primary_user_id = data.octet() != 0;
      break;
    case subpacket::policy_uri:
      signature.policy_uri = data.rest();
      break;
    case subpacket::key_flags:
      signature.key_flags = data.empty() ? 0U : data.octet();
      break;
    case subpacket::reason_for_revocation:
      signature.revocation_reason = data.octet();
      break;
    default:
      break;
  }
}

/// What proves itself: these may stand in either area.
void read_either(Signature& signature, unsigned type, OctetReader data) {
  switch (type) {
    case subpacket::issuer_key_id:
      signature.issuer_key_id = hex_of(data.take(8));
      break;
    case subpacket::issuer_fingerprint:
      read_issuer_fingerprint(signature, data);
      break;
    case subpacket::embedded_signature:
      signature.embedded_signature = data.rest();
      break;
    default:
      break;
  }
}

void read_subpackets(Signature& signature, std::string_view area, bool hashed) {
  OctetReader data(area);
  while (!data.empty()) {
    OctetReader content(data.take(subpacket_length(data)));
    const unsigned type = content.octet() & 0x7FU;
    if (hashed) {
      read_hashed(signature, type, content);
    }
    read_either(signature, type, content);
  }
}

Signature parse(const Packet& packet) {
  Signature signature{.packet = packet};
  OctetReader data(packet.body);
  signature.version = data.octet();
  if (signature.version != 4 && signature.version != 6) {
    throw MalformedData("signature version");
  }
  const std::size_t count_octets = signature.version == 6 ? 4 : 2;
  signature.type = data.octet();
  signature.public_key_algorithm = data.octet();
  signature.hash_algorithm = data.octet();
  read_subpackets(signature, data.take(data.number(count_octets)), true);
  signature.hashed_part = packet.body.substr(0, packet.body.size() - data.rest().size());
  read_subpackets(signature, data.take(data.number(count_octets)), false);
  signature.digest_start = data.take(2);
  if (signature.version == 6) {
    signature.salt = data.take(data.octet());
  }
  signature.value = data.rest();
  if (signature.issuer_key_id.empty()) {
    throw MalformedData("signature without an issuer");
  }
  return signature;
}

}  // namespace

std::optional<std::int64_t> Signature::expiration(std::int64_t key_creation) const {
  std::optional<std::int64_t> end;
  if (lifetime) {
    end = creation + *lifetime;
  }
  if (key_lifetime) {
    end = std::min(end.value_or(key_creation + *key_lifetime), key_creation + *key_lifetime);
  }
  return end;
}

bool Signature::is_revocation() const {
  return type == signature_type::key_revocation || type == signature_type::subkey_revocation ||
         type == signature_type::certification_revocation;
}

bool Signature::is_hard_revocation() const {
  constexpr int no_reason = 0;
  constexpr int compromised = 2;
  return is_revocation() && (!revocation_reason || *revocation_reason == no_reason ||
                             *revocation_reason == compromised);
}

std::optional<Signature> parse_signature(const Packet& packet) {
  try {
    return parse(packet);
  } catch (const MalformedData&) {
    return std::nullopt;
  }
}

}  // namespace rehearsal::keyserver
