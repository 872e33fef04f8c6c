// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "members.hpp"

#include <cstdlib>

namespace postgresql {
namespace {

std::string value_of(const charm::Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  return entry == bag.end() ? "" : entry->second;
}

}  // namespace

Member read_member(const charm::Databag& bag) {
  return {.address = value_of(bag, "address"),
          .primary = value_of(bag, "role") == "primary",
          .timeline = std::atoi(value_of(bag, "timeline").c_str()),  // NOLINT: 0 is right for text
          .stopped = value_of(bag, "stopped") == "true"};
}

charm::Databag write_member(const Member& member) {
  return {{"address", member.address},
          {"role", member.primary ? "primary" : "standby"},
          {"timeline", std::to_string(member.timeline)},
          {"stopped", member.stopped ? "true" : ""}};
}

std::optional<std::string> primary_of(const std::map<std::string, Member>& members) {
  std::optional<std::string> primary;
  for (const auto& [unit, member] : members) {
    if (member.primary && (!primary || member.timeline > members.at(*primary).timeline)) {
      primary = unit;
    }
  }
  return primary;
}

Role role_of(const std::string& unit, const std::map<std::string, Member>& members, bool leader,
             bool initialised) {
  const std::optional<std::string> primary = primary_of(members);
  if (primary) {
    return *primary == unit ? Role::primary : Role::standby;
  }
  if (!leader) {
    return initialised ? Role::standby : Role::unknown;
  }
  return initialised ? Role::heir : Role::primary;
}

}  // namespace postgresql
