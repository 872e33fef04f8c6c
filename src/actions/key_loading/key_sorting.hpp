// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/certificate.hpp"
#include "charm/postgres/key_database.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

struct OfferedKey {
  std::string fingerprint;
  std::string digest;    ///< Of the state that is stored already; empty when none is.
  std::size_t size = 0;  ///< Octets of its packets.
};

/// How many keys the files have, and what became of those that are not offered.
struct KeyCounts {
  std::size_t files = 0;
  std::size_t keys = 0;       ///< Different ones.
  std::size_t repeated = 0;   ///< Further states of the same keys.
  std::size_t identical = 0;  ///< Stored just as they are.
  std::size_t known = 0;      ///< Stored in another state.
  std::size_t blocked = 0;
  std::size_t unnameable = 0;  ///< Of a version without a fingerprint.
};

/// The keys of one file that are worth offering. Views its packets.
struct SortedKeys {
  struct Entry {
    OfferedKey key;
    std::string_view packets;
  };

  std::vector<Entry> fresh;  ///< Not stored.
  std::vector<Entry> known;  ///< Stored in another state, or in the files more than once: to merge.
};

/// Sorts the keys of one file after the other by what the database has of them.
class KeySorter {
 public:
  explicit KeySorter(postgres::KeyDatabase& database) : database_(database) {}

  [[nodiscard]] SortedKeys sort(const std::vector<openpgp::Certificate>& certificates);

  [[nodiscard]] const KeyCounts& counts() const { return counts_; }

 private:
  void sort_some(std::span<const openpgp::Certificate> certificates, SortedKeys& sorted);
  void sort_one(const openpgp::Certificate& certificate, const std::string& stored, bool blocked,
                SortedKeys& sorted);
  /// Whether the fingerprint was met in this load before.
  bool is_repeated(const std::string& fingerprint);

  postgres::KeyDatabase& database_;
  KeyCounts counts_;
  /// The first 64 bits of each fingerprint that was met, sorted, because a load may have millions
  /// of keys. One that only begins like another is merged without need.
  std::vector<std::uint64_t> met_;
  std::set<std::uint64_t> met_in_file_;
};

/// Those that are not stored.
[[nodiscard]] std::vector<OfferedKey> missing_among(postgres::KeyDatabase& database,
                                                    const std::vector<OfferedKey>& keys);

/// How many of the keys are stored in another state than they were.
[[nodiscard]] std::size_t updated_keys(postgres::KeyDatabase& database,
                                       const std::vector<OfferedKey>& keys);

/// Takes the keys out that are blocked by now, and returns how many they were.
std::size_t take_blocked(postgres::KeyDatabase& database, std::vector<OfferedKey>& keys);

}  // namespace charm::actions
