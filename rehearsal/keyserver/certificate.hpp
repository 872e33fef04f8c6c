// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/packet.hpp"
#include "rehearsal/keyserver/public_key.hpp"
#include "rehearsal/keyserver/signature.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

struct UserId {
  Packet packet = {};
  /// The text without control characters; what is not UTF-8 is a question mark.
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

/// In the order a certificate is written: key, signatures, user IDs, subkeys.
std::vector<Packet> packets_of(const Certificate& certificate);

/// The octets of all packet bodies: what Hockeypuck calls the length of a key.
std::size_t length_of(const Certificate& certificate);

/// The MD5 digest by which keyservers reconcile: over all packets, sorted (as SKS defined it).
std::string digest_of(const Certificate& certificate);

/// What is accepted from the outside; 0 is no limit.
struct ReadingLimits {
  std::size_t key_length = 0;
  std::size_t packet_length = 0;
  /// Lower-case fingerprints of keys to pass over.
  std::vector<std::string> blocked = {};
  bool operator==(const ReadingLimits&) const = default;
};

struct ReadCertificates {
  std::vector<Certificate> certificates = {};
  /// The data was a revocation signature and nothing else.
  std::optional<Signature> bare_revocation = std::nullopt;
};

/// Picks the certificates out of a packet sequence. Secret keys, keys that are too long or blocked
/// and packets that cannot be read are passed over. Throws MalformedData where Hockeypuck gives
/// up: a signature in front of keys.
ReadCertificates read_certificates(const std::vector<Packet>& packets,
                                   const ReadingLimits& limits = {});

}  // namespace rehearsal::keyserver
