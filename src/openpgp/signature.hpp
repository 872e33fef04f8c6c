// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// RFC 4880, section 5.2.3.1; issuer_fingerprint is in RFC 9580, section 5.2.3.35. A subpacket that
/// was read may have another value.
enum class SubpacketType : std::uint8_t {
  creation_time = 2,
  expiration_time = 3,
  key_expiration_time = 9,
  issuer_key_id = 16,
  preferred_hash_algorithms = 21,
  primary_user_id = 25,
  key_flags = 27,
  reason_for_revocation = 29,
  features = 30,
  embedded_signature = 32,
  issuer_fingerprint = 33,
};

/// A view of the text that it was read from.
struct Subpacket {
  SubpacketType type = SubpacketType::creation_time;
  std::string_view content = {};
};

/// Throws InputError.
[[nodiscard]] std::vector<Subpacket> read_subpackets(std::string_view area);

[[nodiscard]] Octets subpacket(SubpacketType type, std::string_view content);

/// RFC 4880, section 5.2.1. A signature that was read may have another value.
enum class SignatureType : std::uint8_t {
  binary = 0x00,
  generic_certification = 0x10,
  persona_certification = 0x11,
  casual_certification = 0x12,
  positive_certification = 0x13,
  subkey_binding = 0x18,
  primary_key_binding = 0x19,
  key_revocation = 0x20,
  subkey_revocation = 0x28,
  certification_revocation = 0x30,
};

/// A signature of version 4, with the subpackets that matter in a self-signature.
struct Signature {
  /// The body of its packet.
  Octets body;
  SignatureType type = SignatureType::binary;
  PublicKeyAlgorithm algorithm = PublicKeyAlgorithm::eddsa;
  HashAlgorithm hash = HashAlgorithm::sha512;
  /// The octets from the version to the end of the hashed subpackets, which the signature covers.
  Octets hashed_part;
  /// The algorithm's own integers.
  Octets value;

  std::chrono::sys_seconds created = {};
  /// Counted from `created`; zero: it does not expire.
  std::chrono::seconds lifetime{0};
  /// Counted from the creation of the signed key; zero: the key does not expire.
  std::chrono::seconds key_lifetime{0};
  bool primary_user_id = false;
  std::uint8_t key_flags = 0;
  /// Empty if the signature has none.
  Octets issuer_key_id;
  /// The body of the signature with which a signing subkey agrees (type 0x19).
  Octets embedded_signature;

  [[nodiscard]] bool may_sign_data() const { return (key_flags & 0x02U) != 0; }
};

/// Reads the body of a signature packet (RFC 4880, section 5.2.3). Returns nothing for other
/// versions than 4, because others' signatures may be older or newer. Throws InputError.
[[nodiscard]] std::optional<Signature> read_signature(std::string_view body);

/// Returns the input of a version 4 signature's hash (RFC 4880, section 5.2.4), including the part
/// of the signature itself.
[[nodiscard]] Octets hashed_octets(std::string_view signed_octets, std::string_view hashed_part);

/// Whether the key made the signature over these octets. Returns false for hash algorithms that are
/// no longer safe, and for a signature whose algorithm differs from the key's.
[[nodiscard]] bool verifies(const PublicKey& key, const Signature& signature,
                            std::string_view signed_octets);

/// Return the octets that signatures over a user ID and over a subkey sign (RFC 4880, section
/// 5.2.4). Signatures over the primary key alone sign its hashed form.
[[nodiscard]] Octets user_id_octets(const PublicKey& primary, std::string_view user_id);
[[nodiscard]] Octets subkey_octets(const PublicKey& primary, const PublicKey& subkey);

/// The content of a new signature.
struct Statement {
  SignatureType type = SignatureType::binary;
  std::chrono::sys_seconds created = {};
  /// Hashed subpackets, without the creation time and the issuer's fingerprint.
  Octets subpackets;
};

/// Makes a signature of version 4 with SHA-512 over these octets. It names the issuer with its
/// fingerprint and, not hashed, with its key ID, which Hockeypuck 2.3 needs.
[[nodiscard]] Packet new_signature(const SecretKey& signer, const Statement& statement,
                                   std::string_view signed_octets);

/// The valid signatures over one component that the primary key itself made.
class SelfSignatures {
 public:
  /// `signed_octets` is the text that signatures over the component sign. Signatures that have
  /// expired at `now` do not count.
  SelfSignatures(const PublicKey& primary, std::span<const Signature> signatures,
                 std::string_view signed_octets, std::chrono::sys_seconds now);

  /// Returns the newest signature with a type in this range.
  [[nodiscard]] std::optional<Signature> newest(SignatureType first, SignatureType last) const;

  [[nodiscard]] std::optional<Signature> newest(SignatureType type) const {
    return newest(type, type);
  }

 private:
  std::vector<Signature> valid_;
};

/// Whether a key of this age has exceeded the lifetime in its self-signature.
[[nodiscard]] bool is_expired(const PublicKey& key, const Signature& self_signature,
                              std::chrono::sys_seconds now);

}  // namespace charm::openpgp
