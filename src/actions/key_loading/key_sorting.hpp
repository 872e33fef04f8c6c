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
  std::string digest;    ///< Digest of the stored state; empty if the key is not stored.
  std::size_t size = 0;  ///< Size of its packets in octets.
};

/// The number of keys in the files, and the reasons why some are not offered.
struct KeyCounts {
  std::size_t files = 0;
  std::size_t keys = 0;       ///< Different keys.
  std::size_t repeated = 0;   ///< Further states of the same keys.
  std::size_t identical = 0;  ///< Stored in exactly this state.
  std::size_t known = 0;      ///< Stored in a different state.
  std::size_t blocked = 0;
  std::size_t unnameable = 0;  ///< Keys of a version without a fingerprint.
};

/// The keys of one file that should be offered. Views its packets.
struct SortedKeys {
  struct Entry {
    OfferedKey key;
    std::string_view packets;
  };

  std::vector<Entry> fresh;  ///< Not stored.
  std::vector<Entry> known;  ///< Stored in a different state, or repeated: to be merged.
};

/// Sorts the keys of one file after the other by their state in the database.
class KeySorter {
 public:
  explicit KeySorter(postgres::KeyDatabase& database) : database_(database) {}

  [[nodiscard]] SortedKeys sort(const std::vector<openpgp::Certificate>& certificates);

  [[nodiscard]] const KeyCounts& counts() const { return counts_; }

 private:
  void sort_some(std::span<const openpgp::Certificate> certificates, SortedKeys& sorted);
  void sort_one(const openpgp::Certificate& certificate, const std::string& stored, bool blocked,
                SortedKeys& sorted);
  /// Whether an earlier key of this load had the fingerprint.
  bool is_repeated(const std::string& fingerprint);

  postgres::KeyDatabase& database_;
  KeyCounts counts_;
  /// The first 64 bits of each fingerprint, sorted, because a load may have millions of keys. If
  /// two keys share these bits, the second is merged, which does no harm.
  std::vector<std::uint64_t> met_;
  std::set<std::uint64_t> met_in_file_;
};

/// Returns the keys that are not stored.
[[nodiscard]] std::vector<OfferedKey> missing_among(postgres::KeyDatabase& database,
                                                    const std::vector<OfferedKey>& keys);

/// Returns how many of the keys are stored in a different state than before.
[[nodiscard]] std::size_t updated_keys(postgres::KeyDatabase& database,
                                       const std::vector<OfferedKey>& keys);

/// Removes the keys that have been blocked since then, and returns their number.
std::size_t take_blocked(postgres::KeyDatabase& database, std::vector<OfferedKey>& keys);

}  // namespace charm::actions
