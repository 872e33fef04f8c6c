// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/memory.hpp"

#include "charm/domain/digest.hpp"

#include <algorithm>
#include <string_view>

namespace charm {

namespace {

/// Names and addresses stay as they are, because handlers read them. Juju keeps at most 64 KiB.
constexpr std::size_t longest_kept_value = 128;
constexpr std::string_view digest_prefix = "digest:";
constexpr std::chrono::hours longest_trust{1};

}  // namespace

const RememberedRelation* Memory::find(int relation) const {
  const auto found =
      std::find_if(relations.begin(), relations.end(),
                   [relation](const RememberedRelation& one) { return one.id == relation; });
  return found == relations.end() ? nullptr : &*found;
}

// If the clock was set back, the time of reading is in the future.
bool Memory::is_fresh(std::chrono::sys_seconds now) const {
  return read_at <= now && now - read_at < longest_trust;
}

// A value that begins like a digest is digested as well, so that no two values have the same short
// form.
std::string short_form(const std::string& value) {
  if (value.size() <= longest_kept_value && !value.starts_with(digest_prefix)) {
    return value;
  }
  return std::string(digest_prefix) + short_digest(value);
}

bool is_value(const std::string& known, const std::string& value) {
  return known == value || (known.starts_with(digest_prefix) && known == short_form(value));
}

}  // namespace charm
