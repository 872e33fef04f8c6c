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

/// A request whose answer is an HTTP error status.
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

/// Returns the limits in the configuration.
ReadingLimits reading_limits(const Configuration& configuration);

/// The operations of the keyserver, for all protocols. Members throw Refusal; any other exception
/// is a fault of the database or of this program.
class Keyserver {
 public:
  Keyserver(const Configuration& configuration, Storage& storage, PrefixTree& tree,
            Metrics& metrics, Log& log);

  /// Searches for "0x" with a key ID of 16 or a fingerprint of 40 digits, or for words. The found
  /// keys have only valid parts.
  std::vector<Certificate> find(const std::string& search);
  /// For another keyserver: returns keys as they are stored, regardless of the rules for lookups.
  /// Skips digests without a key, and removes them from the tree. While the database fails, no key
  /// is found and the tree stays unchanged.
  std::vector<Certificate> find_by_digests(const std::vector<std::string>& digests);

  Changes add(const std::string& key_text);
  /// Stores keys of another keyserver, a packet sequence. The log names refused keys. Throws
  /// MalformedData.
  Changes recover(const std::string& packets);
  // Removes keys. An administrator's detached signature must cover the request.
  void remove(const std::string& key_text, const std::string& key_signature);
  Changes replace(const std::string& key_text, const std::string& key_signature);

 private:
  std::vector<Certificate> find_by_id(std::string id);
  std::vector<Certificate> find_by_words(const std::string& search);
  Changes store(std::vector<Certificate> certificates);
  /// Returns the digest under which the key is stored after that.
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
