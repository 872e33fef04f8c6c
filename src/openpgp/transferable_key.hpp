// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// A subkey that can sign.
struct SigningSubkey {
  SecretKey key;
  /// The primary key's signature over the subkey. It contains the subkey's signature over the
  /// primary key.
  Packet binding;
};

/// The parts of a transferable secret key (RFC 4880, section 11.2) that the charm keeps.
struct TransferableKey {
  SecretKey primary;
  /// Each user ID with a self-signature after it.
  std::vector<Packet> user_ids;
  /// Set if the primary key may not sign data.
  std::optional<SigningSubkey> subkey;

  /// The key that signs data.
  [[nodiscard]] const SecretKey& signer() const { return subkey ? subkey->key : primary; }
};

/// Makes a key from 32 secret octets that certifies and signs, with a self-signature of this time.
[[nodiscard]] TransferableKey new_transferable_key(std::string_view seed, std::string_view user_id,
                                                   std::chrono::sys_seconds created);

[[nodiscard]] std::vector<Packet> secret_packets(const TransferableKey& key);

/// Returns the certificate; `revocation` is a signature directly over the primary key.
[[nodiscard]] std::vector<Packet> public_packets(
    const TransferableKey& key, const std::optional<Packet>& revocation = std::nullopt);

/// Reads the packets of a transferable secret key and keeps the parts that the charm needs. Throws
/// InputError as AdminKey::from_armor describes.
[[nodiscard]] TransferableKey read_transferable_key(std::string_view octets,
                                                    std::chrono::sys_seconds now);

}  // namespace charm::openpgp
