// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rehearsal::keyserver {

// Packets of OpenPGP and their armor. librnp parses them. A function of this project writes them
// with headers of the new format, which Hockeypuck stores and digests, and which librnp does not
// write.

/// Packet types of RFC 9580, section 5.
namespace tag {
inline constexpr std::uint8_t signature = 2;
inline constexpr std::uint8_t public_key = 6;
inline constexpr std::uint8_t user_id = 13;
inline constexpr std::uint8_t public_subkey = 14;
}  // namespace tag

struct Packet {
  std::uint8_t tag = 0;
  /// Without the header.
  std::string body = {};
  bool operator==(const Packet&) const = default;
};

/// The packet with a header of the new format.
std::string serialize(const Packet& packet);

/// Signature types of RFC 9580, section 5.2.1.
namespace signature_type {
inline constexpr int generic_certification = 0x10;
inline constexpr int positive_certification = 0x13;
inline constexpr int subkey_binding = 0x18;
inline constexpr int direct_key = 0x1F;
inline constexpr int key_revocation = 0x20;
inline constexpr int subkey_revocation = 0x28;
inline constexpr int certification_revocation = 0x30;
}  // namespace signature_type

/// A signature of version 4.
struct Signature {
  Packet packet = {};
  int type = 0;
  /// Seconds since 1970.
  std::int64_t creation = 0;
  /// Seconds after the signature's creation; absent: never.
  std::optional<std::int64_t> lifetime = std::nullopt;
  /// Seconds after the key's creation; absent: never.
  std::optional<std::int64_t> key_lifetime = std::nullopt;
  std::string issuer_key_id = {};
  std::string issuer_fingerprint = {};
  bool primary_user_id = false;
  std::optional<int> revocation_reason = std::nullopt;
  bool operator==(const Signature&) const = default;

  /// The earlier end of the signature and its key; nothing: never.
  std::optional<std::int64_t> expiration(std::int64_t key_creation) const;
  bool is_revocation() const;
  /// A revocation without a reason, or because the key was compromised.
  bool is_hard_revocation() const;
};

/// A primary key or a subkey of version 4.
struct PublicKey {
  Packet packet = {};
  /// Seconds since 1970.
  std::int64_t creation = 0;
  int algorithm = 0;
  int bit_length = 0;
  /// Hockeypuck's name of the elliptic curve; empty for other algorithms.
  std::string curve = {};
  /// 40 lower-case hexadecimal digits.
  std::string fingerprint = {};
  bool operator==(const PublicKey&) const = default;

  std::string key_id() const { return fingerprint.substr(24); }

  /// "rsa2048", "eddsa_Curve25519", …: Hockeypuck's name of the algorithm.
  std::string algorithm_name() const;
  /// "(4)eddsa_Curve25519/1026bb…", as in Hockeypuck's answers to uploads.
  std::string qualified_fingerprint() const;
};

/// A packet and its meaning, if it has one: librnp supports its version and algorithm, and a
/// signature names its issuer.
struct Element {
  Packet packet = {};
  std::optional<Signature> signature = std::nullopt;
  std::optional<PublicKey> key = std::nullopt;
};

/// Splits a packet sequence. Throws MalformedData, for example for partial and indeterminate
/// lengths, which keys and signatures must not have.
std::vector<Element> read_elements(const std::string& octets);

/// Returns the octets of the first armored block of a text; nothing if there is none. Throws
/// MalformedData for a block without an end or with wrong base64.
std::optional<std::string> dearmored(const std::string& text);

/// Headers of an armored block, in order.
using ArmorHeaders = std::vector<std::pair<std::string, std::string>>;

/// Returns a block of public keys, without a newline after the last line.
std::string armored(const std::string& octets, const ArmorHeaders& headers);

}  // namespace rehearsal::keyserver
