// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/import_block_list.hpp"

#include "key_deletion.hpp"
#include "workload_files.hpp"

namespace charm::actions {
namespace {

/// Stored keys that are looked for, and deleted, at once.
constexpr std::int64_t most_at_once = 1000;

/// Until none is left, or one stays.
Deletion delete_stored(const ActionContext& context, postgres::KeyDatabase& database) {
  Deletion all;
  while (all.remaining.empty()) {
    const std::vector<std::string> stored = database.stored_blocked_keys(most_at_once);
    if (stored.empty()) {
      break;
    }
    Deletion some = delete_keys(context, database, stored);
    all.deleted.merge(some.deleted);
    all.remaining = some.remaining;
    all.reason = some.reason;
  }
  return all;
}

}  // namespace

Results ImportBlockList::run(const ActionContext& context) const {
  require_leader(context);
  const std::string text = read_file(context, context.parameters.text("path"));
  const auto database = context.open_database();
  postgres::BlockListImport import;
  try {
    import = database->import_block_list(text, context.unit);
  } catch (const postgres::DatabaseError&) {
    throw;
  } catch (const Error& error) {
    throw Failure(std::string("nothing was blocked: ") + error.what());
  }
  // A keyserver without its administrators' keys takes no request.
  const std::vector<std::string> refused = database->unblock(context.admin_fingerprints());
  const Deletion deletion = delete_stored(context, *database);
  Results results = {{"entries", std::to_string(import.entries)},
                     {"added", std::to_string(import.added)},
                     {"deleted", std::to_string(deletion.deleted.size())},
                     {"refused", std::to_string(refused.size())}};
  require_deleted(deletion, results);
  return results;
}

}  // namespace charm::actions
