// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulation {

/// The data that a partner publishes.
struct PartnerData {
  rehearsal::Bag app;
  rehearsal::Bag unit;
};

/// An application at the other end of one of our endpoints. The database's provider is separate,
/// because it answers our requests.
struct Partner {
  std::string endpoint;
  std::string app;
  std::vector<PartnerData> honest;
  std::vector<std::string> app_keys;  ///< The keys that our charm reads.
  std::vector<std::string> unit_keys;
};

inline constexpr const char* database_endpoint = "database";
inline constexpr const char* database_app = "postgresql-k8s";

/// In a fixed order; the first is the database.
[[nodiscard]] const std::vector<Partner>& partners();

[[nodiscard]] const Partner& partner_of(const std::string& endpoint);

/// The partner publishes nothing.
inline constexpr int silent = -1;

/// Returns the data of a variant. The variants after the honest ones are hostile.
[[nodiscard]] PartnerData data_of(const Partner& partner, int variant);
[[nodiscard]] bool is_hostile(const Partner& partner, int variant);
[[nodiscard]] int variants_of(const Partner& partner);

/// An option, with values as `juju config` accepts them. Those from `first_wrong` on are refused by
/// the charm.
struct Option {
  std::string name;
  std::vector<std::string> values;
  std::size_t first_wrong = 0;
};

[[nodiscard]] const std::vector<Option>& options();

}  // namespace simulation
