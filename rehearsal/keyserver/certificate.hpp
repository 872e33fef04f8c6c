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
  /// The text without control characters; a question mark stands for what is not UTF-8.
  std::string keywords = {};
  std::vector<Signature> signatures = {};
  bool operator==(const UserId&) const = default;
};

struct Subkey {
  PublicKey key = {};
  std::vector<Signature> signatures = {};
  bool operator==(const Subkey&) const = default;
};

/// What people call a key: a primary key with everything that is bound to it.
struct Certificate {
  PublicKey key = {};
  /// Directly over the primary key: revocations and certifications.
  std::vector<Signature> signatures = {};
  std::vector<UserId> user_ids = {};
  std::vector<Subkey> subkeys = {};
  bool operator==(const Certificate&) const = default;
};

/// The packets in the order a certificate is written: key, signatures, user IDs, subkeys.
std::string octets_of(const Certificate& certificate);

/// The MD5 digest by which keyservers reconcile: over all packets, sorted (as SKS defined it).
std::string digest_of(const Certificate& certificate);

/// Limits for keys from outside; 0 is no limit.
struct ReadingLimits {
  std::size_t key_length = 0;
  std::size_t packet_length = 0;
  bool operator==(const ReadingLimits&) const = default;
};

struct ReadCertificates {
  std::vector<Certificate> certificates = {};
  /// The data was a revocation signature and nothing else.
  std::optional<Signature> bare_revocation = std::nullopt;
};

/// Picks the certificates out of a packet sequence. Secret keys, keys that are too long and packets
/// that cannot be read are passed over. Throws MalformedData for what is no packet sequence, and
/// for a signature in front of keys.
ReadCertificates read_certificates(const std::string& octets, const ReadingLimits& limits = {});

/// Adds the parts of the same key that the certificate lacks. Nothing is verified.
void add_missing_parts(Certificate& certificate, const Certificate& more);

/// A certificate as Hockeypuck answers it with `options=json` and stores it in `keys.doc`.
nlohmann::ordered_json to_json(const Certificate& certificate);

/// The certificate of a stored document, read from its packets. Throws MalformedData.
Certificate from_document(const std::string& document);

}  // namespace rehearsal::keyserver
