// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <set>
#include <string>
#include <vector>

namespace charm::actions {

/// What became of keys that were to be deleted.
struct Deletion {
  std::size_t deleted = 0;
  std::set<std::string> remaining;  ///< Still stored.
  std::string reason;               ///< Why, where some are: in a few words.
};

/// Deletes these keys from the keyserver by signed requests, so that its prefix tree follows, and
/// looks in the database whether they are gone. Those that are not stored are no fault.
[[nodiscard]] Deletion delete_keys(const ActionContext& context, postgres::KeyDatabase& database,
                                   const std::vector<std::string>& fingerprints);

/// Throws Failure with the results when keys that are blocked are still stored.
void require_deleted(const Deletion& deletion, const Results& results);

/// The keyserver of the leader has the prefix tree that peers see: only there may keys be deleted.
/// Throws Failure on another unit.
void require_leader(const ActionContext& context);

}  // namespace charm::actions
