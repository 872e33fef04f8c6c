// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key.hpp"

namespace charm::openpgp {
namespace {

constexpr std::uint8_t key_version = 4;

/// Returns the part of a body that a reader has read since.
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
  if (found != key_version) {
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
  key.body.append(number_octets(key_version, 1))
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

namespace {

constexpr std::uint8_t no_passphrase = 0;

/// The sum of all octets modulo 65536.
Octets checksum(std::string_view secret) {
  std::size_t sum = 0;
  for (const char octet : secret) {
    sum += static_cast<unsigned char>(octet);
  }
  return number_octets(sum & 0xFFFFU, 2);
}

/// gpg writes the S2K specifier 101 "GNU" if it has no secret part: a stub, or a card's key (GnuPG,
/// doc/DETAILS, "GNU extensions to the S2K algorithm").
bool is_stub(std::string_view after_usage) {
  constexpr std::string_view stub_specifier = "\x65";
  return after_usage.substr(0, 16).find("GNU") != std::string_view::npos &&
         after_usage.substr(1).starts_with(stub_specifier);
}

void require_no_passphrase(OctetReader& reader) {
  if (reader.octet() == no_passphrase) {
    return;
  }
  if (!reader.empty() && is_stub(reader.rest())) {
    throw InputError("the secret part of the key is not in it, only gpg's stub");
  }
  throw InputError("the secret key is protected by a passphrase");
}

std::string_view read_secret(OctetReader& reader, PublicKeyAlgorithm algorithm) {
  const std::string_view rest = reader.rest();
  const int integers = algorithm == PublicKeyAlgorithm::eddsa ? 1 : 4;
  for (int i = 0; i < integers; ++i) {
    reader.integer();
  }
  return rest.substr(0, rest.size() - reader.rest().size());
}

/// The checksum does not prove that the parts of an RSA key match, so this signs and verifies a
/// digest.
void require_pair(const SecretKey& key) {
  const Octets probe = digest(HashAlgorithm::sha256, key.key.body);
  const Octets made = signature(key, HashAlgorithm::sha256, probe);
  if (!verifies(key.key, made, HashAlgorithm::sha256, probe)) {
    throw InputError("the secret and the public part of the key do not belong together");
  }
}

}  // namespace

SecretKey ed25519_key(std::string_view seed, std::chrono::sys_seconds created) {
  return {.key = public_key(created, PublicKeyAlgorithm::eddsa, ed25519::public_material(seed)),
          .secret = integer_octets(seed)};
}

SecretKey read_secret_key(std::string_view body) {
  OctetReader reader(body);
  SecretKey key{.key = read_public_key(reader)};
  require_no_passphrase(reader);
  key.secret = read_secret(reader, key.key.algorithm);
  if (reader.rest() != checksum(key.secret)) {
    throw InputError("the checksum of the secret key is wrong");
  }
  require_pair(key);
  return key;
}

Packet secret_packet(PacketTag tag, const SecretKey& key) {
  Packet packet{.tag = tag, .body = key.key.body};
  packet.body.append(number_octets(no_passphrase, 1)).append(key.secret);
  packet.body.append(checksum(key.secret));
  return packet;
}

Packet public_packet(PacketTag tag, const SecretKey& key) {
  return {.tag = tag, .body = key.key.body};
}

Octets signature(const SecretKey& signer, HashAlgorithm hash, std::string_view digest) {
  return signer.key.algorithm == PublicKeyAlgorithm::eddsa
             ? ed25519::signature(signer.secret, digest)
             : rsa::signature(signer.key.material, signer.secret, hash, digest);
}

}  // namespace charm::openpgp
