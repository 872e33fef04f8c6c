// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_sorting.hpp"

#include "charm/domain/fingerprints.hpp"

#include <algorithm>
#include <charconv>

namespace charm::actions {
namespace {

/// So many are looked up at once.
constexpr std::size_t batch_size = 5000;

std::uint64_t beginning_of(const std::string& fingerprint) {
  constexpr std::size_t digits = 16;
  std::uint64_t value = 0;
  std::from_chars(fingerprint.data(), fingerprint.data() + std::min(digits, fingerprint.size()),
                  value, digits);
  return value;
}

std::vector<std::string> fingerprints_of(std::span<const openpgp::Certificate> certificates) {
  std::vector<std::string> fingerprints;
  for (const openpgp::Certificate& certificate : certificates) {
    fingerprints.push_back(certificate.fingerprint);
  }
  return fingerprints;
}

/// What is to become of a key of a file.
enum class Standing { unnameable, blocked, identical, known, fresh };

Standing standing_of(const openpgp::Certificate& certificate, const std::string& stored,
                     bool blocked) {
  if (certificate.fingerprint.empty()) {
    return Standing::unnameable;
  }
  if (blocked) {
    return Standing::blocked;
  }
  if (certificate.digest == stored) {
    return Standing::identical;
  }
  return stored.empty() ? Standing::fresh : Standing::known;
}

void count(Standing standing, KeyCounts& counts) {
  ++counts.keys;
  switch (standing) {
    case Standing::unnameable:
      ++counts.unnameable;
      break;
    case Standing::blocked:
      ++counts.blocked;
      break;
    case Standing::identical:
      ++counts.identical;
      break;
    case Standing::known:
      ++counts.known;
      break;
    case Standing::fresh:
      break;
  }
}

}  // namespace

std::vector<std::string> blocked_of(postgres::KeyDatabase& database,
                                    std::vector<std::string> fingerprints) {
  std::erase_if(fingerprints, [](const std::string& each) { return !is_fingerprint(each); });
  return database.blocked_among(fingerprints);
}

SortedKeys KeySorter::sort(const std::vector<openpgp::Certificate>& certificates) {
  SortedKeys sorted;
  ++counts_.files;
  const std::span<const openpgp::Certificate> all(certificates);
  for (std::size_t begin = 0; begin < all.size(); begin += batch_size) {
    sort_some(all.subspan(begin, std::min(batch_size, all.size() - begin)), sorted);
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
  const Standing standing = standing_of(certificate, stored, blocked);
  const bool repeated = standing != Standing::unnameable && is_repeated(certificate.fingerprint);
  if (repeated) {
    ++counts_.repeated;
  } else {
    count(standing, counts_);
  }
  if (standing != Standing::fresh && standing != Standing::known) {
    return;
  }
  auto& entries = repeated || standing == Standing::known ? sorted.known : sorted.fresh;
  // What a repeated key changes is counted where it was met first.
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

}  // namespace charm::actions
