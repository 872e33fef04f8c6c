// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/generated_keys.hpp"

#include "charm/openpgp/certificate.hpp"
#include "src/openpgp/signature.hpp"
#include "src/openpgp/transferable_key.hpp"

namespace test {
namespace {

using namespace charm::openpgp;

/// 2025-01-01 12:00:00 UTC.
constexpr std::chrono::sys_seconds made_at{std::chrono::seconds(1735732800)};

std::string seed_of(char kind, std::size_t number) {
  std::string seed = kind + std::to_string(number);
  seed.resize(32, '.');
  return seed;
}

std::string user_id_of(std::size_t number) {
  const std::string name = "number" + std::to_string(number);
  return name + " <" + name + "@example.com>";
}

void add_user_id(TransferableKey& key, const std::string& user_id) {
  const Statement statement{.type = SignatureType::positive_certification,
                            .created = made_at,
                            .subpackets = subpacket(SubpacketType::key_flags, "\x03")};
  key.user_ids.push_back({.tag = PacketTag::user_id, .body = Octets(user_id)});
  key.user_ids.push_back(
      new_signature(key.primary, statement, user_id_octets(key.primary.key, user_id)));
}

/// For authentication, so the subkey itself need not sign.
void add_subkey(TransferableKey& key, std::size_t number) {
  const SecretKey subkey = ed25519_key(seed_of('s', number), made_at);
  const Statement statement{.type = SignatureType::subkey_binding,
                            .created = made_at,
                            .subpackets = subpacket(SubpacketType::key_flags, "\x20")};
  key.subkey = SigningSubkey{
      subkey, new_signature(key.primary, statement, subkey_octets(key.primary.key, subkey.key))};
}

GeneratedKey generated(TransferableKey key, std::size_t number) {
  add_subkey(key, number);
  GeneratedKey result;
  result.packets = std::string_view(octets_of(public_packets(key)));
  const Certificate certificate = read_certificates(result.packets).front();
  result.fingerprint = certificate.fingerprint;
  result.digest = certificate.digest;
  return result;
}

TransferableKey plain_key(std::size_t number) {
  return new_transferable_key(seed_of('p', number), user_id_of(number), made_at);
}

}  // namespace

std::vector<GeneratedKey> generated_keys(std::size_t count, std::size_t first) {
  std::vector<GeneratedKey> keys;
  keys.reserve(count);
  for (std::size_t number = first; number < first + count; ++number) {
    keys.push_back(generated(plain_key(number), number));
  }
  return keys;
}

GeneratedKey with_another_user_id(std::size_t number) {
  TransferableKey key = plain_key(number);
  add_user_id(key, "other " + user_id_of(number));
  return generated(std::move(key), number);
}

std::string packets_of(const std::vector<GeneratedKey>& keys) {
  std::string packets;
  for (const GeneratedKey& key : keys) {
    packets += key.packets;
  }
  return packets;
}

}  // namespace test
