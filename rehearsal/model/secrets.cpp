// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/secrets.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace rehearsal {
namespace {

constexpr std::string_view id_digits = "0123456789abcdefghijklmnopqrstuv";

bool is_owner_managed(const Model& model, const Secret& secret, const std::string& unit) {
  return secret.owner == unit || model.is_leader(unit);
}

}  // namespace

std::optional<std::string> secret_id_of(const std::string& uri) {
  std::string id = uri;
  if (id.rfind("secret:", 0) == 0) {
    id.erase(0, 7);
    if (id.rfind("//", 0) == 0) {
      const std::size_t slash = id.rfind('/');
      id.erase(0, slash + 1);
    }
  }
  if (id.size() != 20 || id.find_first_not_of(id_digits) != std::string::npos) {
    return std::nullopt;
  }
  return id;
}

std::string new_secret_id(std::uint64_t& random) {
  std::string id;
  for (int digit = 0; digit < 20; ++digit) {
    id += id_digits[draw(random, id_digits.size())];
  }
  return id;
}

bool owns(const Secret& secret, const std::string& unit) {
  return !secret.owner.empty() && (secret.owner == unit || secret.owner == app_of(unit));
}

bool manages(const Model& model, const Secret& secret, const std::string& unit) {
  return owns(secret, unit) && is_owner_managed(model, secret, unit);
}

bool can_read(const Model& model, const Secret& secret, const std::string& unit) {
  if (owns(secret, unit)) {
    return true;
  }
  return std::any_of(secret.grants.begin(), secret.grants.end(), [&](const SecretGrant& grant) {
    const bool alive = grant.relation < 0 || model.relations.count(grant.relation) > 0;
    return alive && (grant.target == unit || grant.target == app_of(unit));
  });
}

bool is_obsolete(const Secret& secret, int revision) {
  if (revision >= secret.latest()) {
    return false;
  }
  return std::none_of(
      secret.consumers.begin(), secret.consumers.end(),
      [revision](const auto& consumer) { return consumer.second.tracked == revision; });
}

}  // namespace rehearsal
