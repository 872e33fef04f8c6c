// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace postgresql {

/// What a unit says of its server in the peer relation.
struct Member {
  std::string address;
  bool primary = false;
  int timeline = 0;      ///< Of PostgreSQL: each promotion raises it.
  bool stopped = false;  ///< By the action stop-database.

  bool operator==(const Member&) const = default;
};

enum class Role {
  unknown,  ///< Nobody is the primary yet.
  primary,
  standby,
  heir,  ///< A standby that has to be promoted: the primary is gone for good.
};

[[nodiscard]] Member read_member(const charm::Databag& bag);
[[nodiscard]] charm::Databag write_member(const Member& member);

/// The unit that was promoted last among those who say they are the primary.
[[nodiscard]] std::optional<std::string> primary_of(const std::map<std::string, Member>& members);

/// What `unit` has to be. Only the leader starts a new cluster or inherits one; `initialised`:
/// there was a primary once.
[[nodiscard]] Role role_of(const std::string& unit, const std::map<std::string, Member>& members,
                           bool leader, bool initialised);

}  // namespace postgresql
