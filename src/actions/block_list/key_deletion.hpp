// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace charm::actions {

/// The result of a deletion.
struct Deletion {
  std::set<std::string> deleted;
  std::set<std::string> remaining;  ///< Still stored.
  std::string reason;               ///< Why, in a few words, if some are.
  bool settled = true;              ///< None of them can come back.
};

/// The database of a deletion, and the action that it is for.
struct DeletionDoors {
  postgres::KeyDatabase& database;
  ActionContext& context;  ///< Asked for the admin key only where a key is stored.
};

/// Deletes these keys from the keyserver by signed requests, so that its prefix tree follows, and
/// looks in the database whether they are gone. A key that is not stored is no fault.
[[nodiscard]] Deletion delete_keys(const DeletionDoors& doors,
                                   const std::vector<std::string>& fingerprints);

/// Deletes keys that were just blocked, and does it again when all that began earlier and may have
/// stored one of them has ended. Waits half a minute for that; `settled` says whether it was
/// enough.
[[nodiscard]] Deletion delete_blocked_keys(const DeletionDoors& doors,
                                           const postgres::Blocking& blocking,
                                           const std::vector<std::string>& fingerprints);

/// Throws Failure with the results when keys that are blocked are still stored, or may be again.
void require_deleted(const Deletion& deletion, const Results& results);

/// The keyserver of the leader has the prefix tree that peers see: only there may keys be deleted.
/// Throws Failure on another unit.
void require_leader(const juju::HookTools& juju, const std::string& unit);

}  // namespace charm::actions
