// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/packet.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

struct UserId {
  Packet packet = {};
  /// The text without control characters. A question mark replaces bytes that are not UTF-8.
  std::string keywords = {};
  std::vector<Signature> signatures = {};
  bool operator==(const UserId&) const = default;
};

struct Subkey {
  PublicKey key = {};
  std::vector<Signature> signatures = {};
  bool operator==(const Subkey&) const = default;
};

/// An OpenPGP key: a primary key with everything that is bound to it.
struct Certificate {
  PublicKey key = {};
  /// Signatures directly over the primary key: revocations and certifications.
  std::vector<Signature> signatures = {};
  std::vector<UserId> user_ids = {};
  std::vector<Subkey> subkeys = {};
  bool operator==(const Certificate&) const = default;
};

/// Returns the packets in the order of a certificate: key, signatures, user IDs, subkeys.
std::string octets_of(const Certificate& certificate);

/// Returns the MD5 digest that keyservers use for reconciliation: over all packets, sorted (as SKS
/// defined it).
std::string digest_of(const Certificate& certificate);

/// Limits for keys from outside; 0 means no limit.
struct ReadingLimits {
  std::size_t key_length = 0;
  std::size_t packet_length = 0;
  bool operator==(const ReadingLimits&) const = default;
};

struct ReadCertificates {
  std::vector<Certificate> certificates = {};
  /// Set if the data was a revocation signature and nothing else.
  std::optional<Signature> bare_revocation = std::nullopt;
};

/// Reads the certificates of a packet sequence. Skips secret keys, keys that are too long, and
/// unreadable packets. Throws MalformedData for data that is not a packet sequence, and for a
/// signature before the first key.
ReadCertificates read_certificates(const std::string& octets, const ReadingLimits& limits = {});

/// Adds the missing parts of the same key to the certificate. Verifies nothing.
void add_missing_parts(Certificate& certificate, const Certificate& more);

/// Returns a certificate in the form in which Hockeypuck answers it with `options=json` and stores
/// it in `keys.doc`.
nlohmann::ordered_json to_json(const Certificate& certificate);

/// Reads the certificate of a stored document from its packets. Throws MalformedData.
Certificate from_document(const std::string& document);

}  // namespace rehearsal::keyserver
