// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <set>
#include <string>
#include <vector>

/// Deletes blocked keys from the keyserver with signed requests, so that its prefix tree follows.
/// Transactions that began before the keys were blocked may still store one of them. A deletion
/// therefore runs a second time when those have ended.
namespace charm::actions {

/// The fingerprints of primary keys.
struct Deletion {
  std::set<std::string> deleted;
  std::set<std::string> remaining;  ///< Still stored.
  std::string reason;               ///< A short reason, if some remain.
  bool settled = true;              ///< False if an earlier transaction may still store one.
};

/// A database with the action for which it was opened.
struct OpenedDatabase : FoundDatabase {
  explicit OpenedDatabase(ActionContext& of_action)
      : FoundDatabase(of_action.open_database()), context(of_action) {}

  ActionContext& context;  ///< Asked for the admin key only if a key is stored.
};

/// Deletes these keys, which were just blocked. A key that is not stored is not a fault.
[[nodiscard]] Deletion delete_keys(const OpenedDatabase& opened, const postgres::Blocking& blocking,
                                   const std::vector<std::string>& fingerprints);

/// Deletes every stored key that the block list has.
[[nodiscard]] Deletion delete_blocked_keys(const OpenedDatabase& opened,
                                           const postgres::Blocking& blocking);

/// Throws Failure with the results if blocked keys are still stored, or may be stored again.
void require_deleted(const Deletion& deletion, const Results& results);

}  // namespace charm::actions
