// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

namespace charm::databag {

/// Reads what a provider of `postgresql_client` answered on one relation: plain or in secrets, by
/// the v0 or the v1 library of data-platform-libs. Adds one Database for each endpoint, named
/// `requested_name` where the provider does not say; or adds none and returns what the provider
/// still has to do ("grant its secret").
[[nodiscard]] std::optional<std::string> learn_databases(const Snapshot& snapshot,
                                                         const Relation& relation,
                                                         const std::string& requested_name,
                                                         Facts& facts);

/// Whether the provider is ready only once one of its units says so.
[[nodiscard]] bool is_subordinate(const Relation& relation);

}  // namespace charm::databag
