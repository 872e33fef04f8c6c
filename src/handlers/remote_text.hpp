// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace charm::databag {

/// Returns the value of a key, or an empty view: Juju does not distinguish absent from empty.
[[nodiscard]] std::string_view value_of(const Databag& bag, std::string_view key);

/// Returns a warning that names the relation, its endpoint and the key. `problem` must not quote a
/// value that may hold a credential.
[[nodiscard]] std::string warning(const Relation& relation, std::string_view key,
                                  std::string_view problem);

/// Returns remote text fit for a status or the log: one line of printable UTF-8, of which at most
/// `limit` bytes are taken.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace charm::databag
