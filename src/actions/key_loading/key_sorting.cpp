// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_sorting.hpp"

#include "charm/domain/fingerprints.hpp"

#include <algorithm>
#include <charconv>

namespace charm::actions {
namespace {

/// The number of keys in one lookup.
constexpr std::size_t lookup_size = 5000;

std::uint64_t beginning_of(const std::string& fingerprint) {
  constexpr std::size_t digits = 16;
  std::uint64_t value = 0;
  std::from_chars(fingerprint.data(), fingerprint.data() + std::min(digits, fingerprint.size()),
                  value, digits);
  return value;
}

/// Accepts certificates or offered keys.
template <typename Keys>
std::vector<std::string> fingerprints_of(const Keys& keys) {
  std::vector<std::string> fingerprints;
  fingerprints.reserve(keys.size());
  for (const auto& key : keys) {
    fingerprints.push_back(key.fingerprint);
  }
  return fingerprints;
}

/// Returns the blocked ones, sorted. The block list has no fingerprints as short as those of old
/// keys, so such keys are never blocked.
std::vector<std::string> blocked_of(postgres::KeyDatabase& database,
                                    std::vector<std::string> fingerprints) {
  std::erase_if(fingerprints, [](const std::string& each) { return !is_fingerprint(each); });
  return database.blocked_among(fingerprints);
}

/// The counter for a key of a file; null for a new key.
using Counter = std::size_t KeyCounts::*;

Counter counter_of(const openpgp::Certificate& certificate, const std::string& stored,
                   bool blocked) {
  if (certificate.fingerprint.empty()) {
    return &KeyCounts::unnameable;
  }
  if (blocked) {
    return &KeyCounts::blocked;
  }
  if (certificate.digest == stored) {
    return &KeyCounts::identical;
  }
  return stored.empty() ? nullptr : &KeyCounts::known;
}

}  // namespace

SortedKeys KeySorter::sort(const std::vector<openpgp::Certificate>& certificates) {
  SortedKeys sorted;
  ++counts_.files;
  const std::span<const openpgp::Certificate> all(certificates);
  for (std::size_t begin = 0; begin < all.size(); begin += lookup_size) {
    sort_some(all.subspan(begin, std::min(lookup_size, all.size() - begin)), sorted);
  }
  const auto middle = static_cast<std::ptrdiff_t>(met_.size());
  met_.insert(met_.end(), met_in_file_.begin(), met_in_file_.end());
  std::inplace_merge(met_.begin(), met_.begin() + middle, met_.end());
  met_in_file_.clear();
  return sorted;
}

void KeySorter::sort_some(std::span<const openpgp::Certificate> certificates, SortedKeys& sorted) {
  const std::vector<std::string> fingerprints = fingerprints_of(certificates);
  const std::vector<std::string> stored = database_.digests(fingerprints);
  const std::vector<std::string> blocked = blocked_of(database_, fingerprints);
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    sort_one(certificates[i], stored[i],
             std::binary_search(blocked.begin(), blocked.end(), fingerprints[i]), sorted);
  }
}

void KeySorter::sort_one(const openpgp::Certificate& certificate, const std::string& stored,
                         bool blocked, SortedKeys& sorted) {
  const Counter counter = counter_of(certificate, stored, blocked);
  const bool is_known = counter == &KeyCounts::known;
  const bool repeated = counter != &KeyCounts::unnameable && is_repeated(certificate.fingerprint);
  if (repeated) {
    ++counts_.repeated;
  } else {
    ++counts_.keys;
    if (counter != nullptr) {
      ++(counts_.*counter);
    }
  }
  if (counter != nullptr && !is_known) {
    return;
  }
  auto& entries = repeated || is_known ? sorted.known : sorted.fresh;
  // The changes of a repeated key count for its first occurrence.
  entries.push_back({.key = {.fingerprint = certificate.fingerprint,
                             .digest = repeated ? std::string() : stored,
                             .size = certificate.packets.size()},
                     .packets = certificate.packets});
}

bool KeySorter::is_repeated(const std::string& fingerprint) {
  const std::uint64_t beginning = beginning_of(fingerprint);
  return std::binary_search(met_.begin(), met_.end(), beginning) ||
         !met_in_file_.insert(beginning).second;
}

std::vector<OfferedKey> missing_among(postgres::KeyDatabase& database,
                                      const std::vector<OfferedKey>& keys) {
  const std::vector<std::string> stored = database.digests(fingerprints_of(keys));
  std::vector<OfferedKey> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (stored[i].empty()) {
      missing.push_back(keys[i]);
    }
  }
  return missing;
}

std::size_t updated_keys(postgres::KeyDatabase& database, const std::vector<OfferedKey>& keys) {
  const std::vector<std::string> stored = database.digests(fingerprints_of(keys));
  std::size_t updated = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool was_and_is = !keys[i].digest.empty() && !stored[i].empty();
    updated += was_and_is && keys[i].digest != stored[i] ? 1U : 0U;
  }
  return updated;
}

std::size_t take_blocked(postgres::KeyDatabase& database, std::vector<OfferedKey>& keys) {
  const std::vector<std::string> blocked = blocked_of(database, fingerprints_of(keys));
  return std::erase_if(keys, [&blocked](const OfferedKey& key) {
    return std::binary_search(blocked.begin(), blocked.end(), key.fingerprint);
  });
}

}  // namespace charm::actions
