// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace rehearsal::pebble {

struct Account {
  uid_t user = 0;
  gid_t group = 0;

  bool operator==(const Account&) const = default;
};

/// The user and group of a process, file or directory from the ids and names of a request; none
/// where nothing is given. Ids and names must agree; a user without a group has the primary one.
/// Throws std::invalid_argument.
std::optional<Account> find_account(std::optional<long> user_id, std::optional<long> group_id,
                                    const std::string& user, const std::string& group);

struct UserEntry {
  std::string name;
  std::string home;
  gid_t group = 0;
};

std::optional<UserEntry> find_user(uid_t user);

/// The name of a group, or empty.
std::string group_name(gid_t group);

}  // namespace rehearsal::pebble
