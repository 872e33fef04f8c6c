// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/small_keys.hpp"

#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/packet.hpp"

#include <openssl/evp.h>

#include <array>
#include <bit>
#include <memory>
#include <stdexcept>

namespace contract {
namespace {

using namespace rehearsal::keyserver;
using namespace std::string_literals;

using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// Numbers of RFC 9580, sections 5.2 and 9, and the curves as RFC 4880bis encoded them.
constexpr std::uint8_t eddsa = 22;
constexpr std::uint8_t ecdh = 18;
constexpr std::uint8_t sha256 = 8;
constexpr std::uint8_t certification = 0x13;
constexpr std::uint8_t subkey_binding = 0x18;
constexpr std::string_view ed25519 = "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01";
constexpr std::string_view curve25519 = "\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01";
/// 2025-01-01.
constexpr std::uint32_t created = 1735732800;

PrivateKey generate(const char* type) {
  PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, type), EVP_PKEY_free);
  if (!key) {
    throw std::runtime_error("OpenSSL makes no key");
  }
  return key;
}

std::string raw_public_key(const PrivateKey& key) {
  std::array<unsigned char, 32> octets{};
  std::size_t size = octets.size();
  EVP_PKEY_get_raw_public_key(key.get(), octets.data(), &size);
  return {octets.begin(), octets.end()};
}

std::string sign(const PrivateKey& key, const std::string& digest) {
  std::array<unsigned char, 64> octets{};
  std::size_t size = octets.size();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const auto* message = reinterpret_cast<const unsigned char*>(digest.data());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), octets.data(), &size, message, digest.size()) != 1) {
    throw std::runtime_error("OpenSSL does not sign");
  }
  return {octets.begin(), octets.end()};
}

std::string number_of(std::string octets) {
  octets.erase(0, std::min(octets.find_first_not_of('\0'), octets.size()));
  const auto first = octets.empty() ? 0U : static_cast<unsigned char>(octets.front());
  const std::size_t bits =
      octets.empty() ? 0
                     : (octets.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(first));
  return octets_of(bits, 2) + octets;
}

std::string with_length(std::string_view octets) {
  return octets_of(octets.size(), 1) + std::string(octets);
}

std::string key_body(std::uint8_t algorithm, std::string_view curve, const PrivateKey& key) {
  return octets_of(4, 1) + octets_of(created, 4) + octets_of(algorithm, 1) + with_length(curve) +
         number_of("\x40" + raw_public_key(key));
}

/// A key as it goes into digests.
std::string hashed_key(const std::string& body) {
  return "\x99" + octets_of(body.size(), 2) + body;
}

std::string signature(const PrivateKey& key, const std::string& fingerprint, std::uint8_t type,
                      std::uint8_t flags, const std::string& about) {
  const std::string hashed = with_length("\x21\x04" + fingerprint) +
                             with_length("\x02" + octets_of(created, 4)) +
                             with_length("\x1b" + octets_of(flags, 1));
  const std::string unhashed = with_length("\x10" + fingerprint.substr(12));
  const std::string head = octets_of(4, 1) + octets_of(type, 1) + octets_of(eddsa, 1) +
                           octets_of(sha256, 1) + octets_of(hashed.size(), 2) + hashed;
  const std::string digest =
      digest_of(EVP_sha256(), about + head + "\x04\xff" + octets_of(head.size(), 4));
  const std::string value = sign(key, digest);
  return serialize({.tag = tag::signature,
                    .body = head + octets_of(unhashed.size(), 2) + unhashed + digest.substr(0, 2) +
                            number_of(value.substr(0, 32)) + number_of(value.substr(32))});
}

SmallKey small_key(std::size_t number) {
  const PrivateKey primary = generate("ED25519");
  const std::string body = key_body(eddsa, ed25519, primary);
  const std::string fingerprint = digest_of(EVP_sha1(), hashed_key(body));
  const std::string user_id = "Small " + std::to_string(number) + " <small@example.com>";
  // With SHA-256 and AES-128 to wrap session keys in.
  const std::string subkey = key_body(ecdh, curve25519, generate("X25519")) + "\x03\x01\x08\x07"s;
  const std::string hashed_user_id = "\xb4" + octets_of(user_id.size(), 4) + user_id;
  const std::string packets =
      serialize({.tag = tag::public_key, .body = body}) +
      serialize({.tag = tag::user_id, .body = user_id}) +
      signature(primary, fingerprint, certification, 0x03, hashed_key(body) + hashed_user_id) +
      serialize({.tag = tag::public_subkey, .body = subkey}) +
      signature(primary, fingerprint, subkey_binding, 0x0c, hashed_key(body) + hashed_key(subkey));
  return {.fingerprint = hex_of(fingerprint), .packets = packets};
}

}  // namespace

std::vector<SmallKey> small_keys(std::size_t count) {
  std::vector<SmallKey> keys;
  for (std::size_t number = 0; number < count; ++number) {
    keys.push_back(small_key(number));
  }
  return keys;
}

std::string packets_of(const std::vector<SmallKey>& keys, std::size_t first, std::size_t last) {
  std::string packets;
  for (std::size_t i = first; i < last; ++i) {
    packets += keys.at(i).packets;
  }
  return packets;
}

std::string packets_of(const std::vector<SmallKey>& keys) {
  return packets_of(keys, 0, keys.size());
}

}  // namespace contract
