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
  std::set<std::string> deleted;
  std::set<std::string> remaining;  ///< Still stored.
  std::string reason;               ///< Why, where some are: in a few words.
  bool settled = true;              ///< None of them can come back.
};

/// Deletes these keys from the keyserver by signed requests, so that its prefix tree follows, and
/// looks in the database whether they are gone. Those that are not stored are no fault.
[[nodiscard]] Deletion delete_keys(const ActionContext& context, postgres::KeyDatabase& database,
                                   const std::vector<std::string>& fingerprints);

/// Deletes keys that were just blocked, once more when all that began earlier and may have stored
/// one of them has ended. Waits half a minute for that; `settled` tells whether it was enough.
[[nodiscard]] Deletion delete_blocked_keys(const ActionContext& context,
                                           postgres::KeyDatabase& database,
                                           const postgres::Blocking& blocking,
                                           const std::vector<std::string>& fingerprints);

/// Throws Failure with the results when keys that are blocked are still stored, or may be again.
void require_deleted(const Deletion& deletion, const Results& results);

/// The keyserver of the leader has the prefix tree that peers see: only there may keys be deleted.
/// Throws Failure on another unit.
void require_leader(const ActionContext& context);

}  // namespace charm::actions
