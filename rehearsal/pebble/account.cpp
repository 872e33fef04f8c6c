// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/account.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <array>
#include <stdexcept>

#include <grp.h>
#include <pwd.h>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t entry_size = 16384;

[[noreturn]] void mismatch(const std::string& what, const std::string& name,
                           const std::string& short_name, long actual, const std::string& field,
                           long given) {
  throw std::invalid_argument(what + " " + go_quoted(name) + " " + short_name + " (" +
                              std::to_string(actual) + ") does not match " + field + " (" +
                              std::to_string(given) + ")");
}

uid_t user_named(const std::string& name, std::optional<long> expected) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, entry_size> text{};
  getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    throw std::invalid_argument("user: unknown user " + name);
  }
  if (expected && *expected != static_cast<long>(entry.pw_uid)) {
    mismatch("user", name, "UID", static_cast<long>(entry.pw_uid), "user-id", *expected);
  }
  return entry.pw_uid;
}

gid_t group_named(const std::string& name, std::optional<long> expected) {
  ::group entry{};
  ::group* found = nullptr;
  std::array<char, entry_size> text{};
  getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    throw std::invalid_argument("group: unknown group " + name);
  }
  if (expected && *expected != static_cast<long>(entry.gr_gid)) {
    mismatch("group", name, "GID", static_cast<long>(entry.gr_gid), "group-id", *expected);
  }
  return entry.gr_gid;
}

gid_t primary_group(long user) {
  const auto entry = find_user(static_cast<uid_t>(user));
  if (!entry) {
    throw std::invalid_argument("user: unknown userid " + std::to_string(user));
  }
  return entry->group;
}

}  // namespace

std::optional<Account> find_account(std::optional<long> user_id, std::optional<long> group_id,
                                    const std::string& user, const std::string& group) {
  if (!user_id && !group_id && user.empty() && group.empty()) {
    return std::nullopt;
  }
  if (!user.empty()) {
    user_id = static_cast<long>(user_named(user, user_id));
  }
  if (!group.empty()) {
    group_id = static_cast<long>(group_named(group, group_id));
  }
  if (!user_id) {
    throw std::invalid_argument("must specify user, not just group");
  }
  const gid_t primary = group_id ? static_cast<gid_t>(*group_id) : primary_group(*user_id);
  return Account{static_cast<uid_t>(*user_id), primary};
}

std::optional<UserEntry> find_user(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, entry_size> text{};
  getpwuid_r(user, &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    return std::nullopt;
  }
  return UserEntry{entry.pw_name, entry.pw_dir, entry.pw_gid};
}

std::string group_name(gid_t group) {
  ::group entry{};
  ::group* found = nullptr;
  std::array<char, entry_size> text{};
  getgrgid_r(group, &entry, text.data(), text.size(), &found);
  return found == nullptr ? "" : entry.gr_name;
}

}  // namespace rehearsal::pebble
