// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/fingerprints.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>
#include <unordered_set>

namespace charm {
namespace {

std::string joined_groups(const std::vector<std::string_view>& groups) {
  std::string joined;
  for (const std::string_view group : groups) {
    joined += group;
  }
  return joined;
}

}  // namespace

bool is_fingerprint(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && is_lower_hexadecimal(text);
}

std::optional<std::string> normalized_fingerprint(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
  }
  std::string digits = lower_case(text);
  return is_fingerprint(digits) ? std::optional(std::move(digits)) : std::nullopt;
}

std::vector<std::string> listed_fingerprints(std::string_view text) {
  std::vector<std::string> listed;
  for (const std::string_view part : words(text, ",\n")) {
    const auto groups = words(part, blanks);
    const bool grouped = groups.size() > 1 &&
                         std::ranges::all_of(groups, [](auto group) { return group.size() <= 8; });
    if (grouped) {
      listed.push_back(joined_groups(groups));
    } else {
      listed.insert(listed.end(), groups.begin(), groups.end());
    }
  }
  return listed;
}

TypedFingerprints typed_fingerprints(std::string_view text) {
  TypedFingerprints typed;
  std::unordered_set<std::string> seen;
  for (const std::string& item : listed_fingerprints(text)) {
    const auto fingerprint = normalized_fingerprint(item);
    if (seen.insert(fingerprint.value_or(item)).second) {
      (fingerprint ? typed.fingerprints : typed.malformed).push_back(fingerprint.value_or(item));
    }
  }
  return typed;
}

}  // namespace charm
