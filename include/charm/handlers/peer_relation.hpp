// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/snapshot.hpp"

#include <string>
#include <string_view>

/// What the leader tells the other units on the peer relation: where the admin key is.
namespace charm::peers {

inline constexpr std::string_view endpoint = "hockeypuck-peers";

/// The admin keys as the application's databag holds them. The fingerprint saves every unit
/// reading the secret in every hook; nothing in the bag is secret.
[[nodiscard]] AdminKeys admin_keys(const Databag& bag);
[[nodiscard]] Databag bag_of(const AdminKeys& keys, const Unit& publisher);

/// Returns the unit that last published the application's databags, on all relations, as the peer
/// relation's own databag tells; empty when it names none.
[[nodiscard]] std::string publisher(const Snapshot& snapshot);

}  // namespace charm::peers
