// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"
#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/metrics.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/storage.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A request that is answered with an HTTP error status.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& reason) : std::runtime_error(reason), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

/// The outcome of an upload, by qualified fingerprints.
struct Changes {
  std::vector<std::string> inserted = {};
  std::vector<std::string> updated = {};
  std::vector<std::string> ignored = {};
  bool operator==(const Changes&) const = default;
};

/// The limits of the configuration.
ReadingLimits reading_limits(const Configuration& configuration);

/// The operations of the keyserver, for all protocols. Members throw Refusal; any other exception
/// is a fault of the database or of this program.
class Keyserver {
 public:
  Keyserver(const Configuration& configuration, Storage& storage, PrefixTree& tree,
            Metrics& metrics, Log& log);

  /// "0x" with a key ID of 16 or a fingerprint of 40 digits, or words. The found keys have valid
  /// parts only.
  std::vector<Certificate> find(const std::string& search);
  /// For another keyserver: as they are stored, whatever look-ups show. Digests that no key has are
  /// passed over and taken out of the tree; while the database is away no key is found, and the
  /// tree stays.
  std::vector<Certificate> find_by_digests(const std::vector<std::string>& digests);

  Changes add(const std::string& key_text);
  /// Stores keys of another keyserver, a packet sequence. Refused keys are in the log. Throws
  /// MalformedData.
  Changes recover(const std::string& packets);
  // Requests that a detached signature by an administrator must cover.
  void remove(const std::string& key_text, const std::string& key_signature);
  Changes replace(const std::string& key_text, const std::string& key_signature);

 private:
  std::vector<Certificate> find_by_id(std::string id);
  std::vector<Certificate> find_by_words(const std::string& search);
  Changes store(std::vector<Certificate> certificates);
  /// The digest under which the key is stored then.
  std::string upsert(const Certificate& certificate, Changes& changes);
  void recover(const Certificate& certificate, Changes& changes);
  std::vector<Certificate> with_revocation(const Signature& revocation);
  std::vector<Certificate> administrators();
  std::vector<Certificate> requested(const std::string& key_text, const std::string& key_signature);
  std::optional<Certificate> cleaned(std::optional<StoredCertificate> stored) const;

  const Configuration& configuration_;
  ReadingLimits limits_;
  Storage& storage_;
  PrefixTree& tree_;
  Metrics& metrics_;
  Log& log_;
};

}  // namespace rehearsal::keyserver
