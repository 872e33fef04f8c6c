// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/snapshot.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The data that the leader publishes for the other units on the peer relation: the place of the
/// admin key.
namespace charm::peers {

inline constexpr std::string_view endpoint = "hockeypuck-peers";

/// Returns the admin keys in the application's databag. The fingerprint is there so that a unit
/// need not read the secret in every hook. Nothing in the databag is secret.
[[nodiscard]] AdminKeys admin_keys(const Databag& bag);
[[nodiscard]] Databag bag_of(const AdminKeys& keys, const Unit& publisher);
/// The same databag for each peer relation.
[[nodiscard]] std::vector<Publication> publications(const AdminKeys& keys,
                                                    const Snapshot& snapshot);

/// Returns the unit that last published the application's databags, on all relations. The peer
/// relation's own databag names it. Empty if it names none.
[[nodiscard]] std::string publisher(const Snapshot& snapshot);

}  // namespace charm::peers
