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

/// The secret key with which the charm signs its requests to the keyserver. Immutable, cheap to
/// copy; the secret part is overwritten when the last copy is destroyed. Everything it writes has
/// the form of RFC 4880 with the EdDSA of gpg (algorithm 22), which GnuPG 2.2 and Hockeypuck 2.3
/// read.
class AdminKey {
 public:
  /// Makes an Ed25519 key, with random numbers of OpenSSL, that certifies and signs and does not
  /// expire. `user_id` is UTF-8 text such as `Name <address>`, 1 to 2000 bytes; another length, or
  /// a time that OpenPGP cannot write (before 1970, after 2106), throws charm::Error.
  [[nodiscard]] static AdminKey generate(std::string_view user_id,
                                         std::chrono::sys_seconds created);

  /// Reads what `gpg --export-secret-keys --armor` writes for one key without a passphrase. The
  /// primary key, or else the newest valid subkey, must be able to sign: Ed25519 (algorithm 22)
  /// or RSA of 2048 to 4096 bits. Only what the admin key needs is kept: the primary key, the user
  /// IDs with their newest self-signature, and a signing subkey where the primary key does not
  /// sign. Throws InputError with the reason for anything else: a passphrase, no secret part (also
  /// a stub of gpg in its place), expired or revoked at `now`, another version or algorithm,
  /// a self-signature that does not verify, damaged data, more than 128 KiB, and whatever does
  /// not belong to such a key.
  [[nodiscard]] static AdminKey from_armor(std::string_view text, std::chrono::sys_seconds now);

  /// The primary key's fingerprint: 40 lower-case hexadecimal digits, as Hockeypuck's `adminKeys`
  /// takes it.
  [[nodiscard]] std::string fingerprint() const;

  /// The transferable secret key (RFC 4880, section 11.2), without passphrase; `from_armor` and
  /// `gpg --import` take it.
  [[nodiscard]] Secret secret_armor() const;

  /// The certificate (RFC 4880, section 11.1) for `/pks/add` and `gpg --import`.
  [[nodiscard]] std::string public_armor() const;

  /// An armored detached signature (type 0x00, SHA-512) over exactly these bytes, for
  /// `gpg --verify` and `/pks/delete`. It is never dated before the key: the clocks of two units
  /// differ.
  [[nodiscard]] std::string sign(std::string_view message, std::chrono::sys_seconds now) const;

  /// The certificate with a revocation of the key because it is superseded (RFC 4880, section
  /// 5.2.3.23, reason 1). Once it is uploaded, the keyserver takes no request of this key.
  [[nodiscard]] std::string revocation(std::chrono::sys_seconds now) const;

 private:
  explicit AdminKey(TransferableKey key);

  std::shared_ptr<const TransferableKey> key_;
};

/// The two form fields of an administrator's request to Hockeypuck 2.2 and later, to be sent
/// URL-encoded; the form may have 10 MB. A request has no date and no number: anyone who sees it
/// can repeat it forever, so it is never logged or stored.
struct SignedRequest {
  std::string keytext;
  std::string keysig;
};

/// A request for `/pks/delete` of the keys with these primary-key packets: each element is a whole
/// packet with its header, as Hockeypuck stores it (base64 in `doc->'packet'->>'data'` of table
/// `keys`). The primary key alone says which key is meant, also where the key itself is revoked.
/// The keyserver deletes in this order and stops with 404 at the first key it does not have.
/// Throws InputError when there is no element, or one that is not a public-key packet.
[[nodiscard]] SignedRequest delete_request(const AdminKey& key,
                                           std::span<const std::string> primary_key_packets,
                                           std::chrono::sys_seconds now);

/// A request that changes nothing: to delete a key that was made for it and is stored nowhere.
/// Hockeypuck 2.3 looks at the signature before it looks for the key, so it answers 404 exactly
/// where it takes requests of `key`, and 422 where it does not.
[[nodiscard]] SignedRequest trial_request(const AdminKey& key, std::chrono::sys_seconds now);

}  // namespace charm::openpgp
