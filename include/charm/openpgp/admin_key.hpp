// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace charm::openpgp {

struct TransferableKey;

/// The secret key with which the charm signs its requests to the keyserver. Immutable and cheap to
/// copy. The secret part is overwritten when the last copy is destroyed. All output has the form of
/// RFC 4880 with gpg's EdDSA (algorithm 22), which GnuPG 2.2 and Hockeypuck 2.3 read.
class AdminKey {
 public:
  /// Makes an Ed25519 key with OpenSSL's random numbers. The key certifies and signs and does not
  /// expire. `user_id` is UTF-8 text such as `Name <address>`, 1 to 2000 bytes. Throws charm::Error
  /// for another length, and for a time that OpenPGP cannot write (before 1970, after 2106).
  [[nodiscard]] static AdminKey generate(std::string_view user_id,
                                         std::chrono::sys_seconds created);

  /// Reads the output of `gpg --export-secret-keys --armor` for one key without a passphrase. The
  /// primary key, or else the newest valid subkey, must be able to sign: Ed25519 (algorithm 22) or
  /// RSA of 2048 to 4096 bits. Keeps only the parts that the admin key needs. These are the primary
  /// key, the user IDs with their newest self-signature, and a signing subkey if the primary key
  /// does not sign.
  ///
  /// Throws InputError with the reason for:
  ///
  /// - a key with a passphrase or without a secret part, for example gpg's stub;
  /// - a key that is expired or revoked at `now`, or of another version or algorithm;
  /// - a self-signature that does not verify, and damaged data;
  /// - more than 128 KiB, and any data that does not belong to such a key.
  [[nodiscard]] static AdminKey from_armor(std::string_view text, std::chrono::sys_seconds now);

  /// The primary key's fingerprint: 40 lower-case hexadecimal digits, the form of Hockeypuck's
  /// `adminKeys`.
  [[nodiscard]] std::string fingerprint() const;

  /// The transferable secret key (RFC 4880, section 11.2), without passphrase. `from_armor` and
  /// `gpg --import` read it.
  [[nodiscard]] Secret secret_armor() const;

  /// The certificate (RFC 4880, section 11.1) for `/pks/add` and `gpg --import`.
  [[nodiscard]] std::string public_armor() const;

  /// An armored detached signature (type 0x00, SHA-512) over exactly these bytes, for `/pks/delete`
  /// and `gpg --verify`. Its date is never earlier than the key's, because the clocks of two units
  /// differ.
  [[nodiscard]] std::string sign(std::string_view message, std::chrono::sys_seconds now) const;

  /// The certificate with a revocation because the key is superseded (RFC 4880, section 5.2.3.23,
  /// reason 1). Once it is uploaded, the keyserver accepts no more requests of this key.
  [[nodiscard]] std::string revocation(std::chrono::sys_seconds now) const;

 private:
  explicit AdminKey(TransferableKey key);

  std::shared_ptr<const TransferableKey> key_;
};

/// The two form fields of an administrator's request to Hockeypuck 2.2 and later. They are sent
/// URL-encoded; the form may have 10 MB. A request has no date and no number. Anyone who sees it
/// can repeat it forever, so it is never logged or stored.
struct SignedRequest {
  std::string keytext;
  std::string keysig;
};

/// A request for `/pks/delete` of the keys with these primary-key packets. Each element is a whole
/// packet with its header, as Hockeypuck stores it (base64 in `doc->'packet'->>'data'` of table
/// `keys`). The primary-key packet alone identifies the key, even if the key itself is revoked. The
/// keyserver deletes in this order and stops with 404 at the first key that it does not have.
/// Throws InputError if there is no element, or if one is not a public-key packet.
[[nodiscard]] SignedRequest delete_request(const AdminKey& key,
                                           std::span<const std::string> primary_key_packets,
                                           std::chrono::sys_seconds now);

/// A request that changes nothing: it deletes a new key that is not stored anywhere. Hockeypuck 2.3
/// checks the signature before it looks for the key. It therefore answers 404 exactly if it accepts
/// requests of `key`, and otherwise 422.
[[nodiscard]] SignedRequest trial_request(const AdminKey& key, std::chrono::sys_seconds now);

}  // namespace charm::openpgp
