// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// The keyserver of the leader has the prefix tree that peers see: only there may keys be deleted.
/// Throws Failure on another unit.
void require_leader(const juju::HookTools& juju, const std::string& unit);

/// Throws the Failure that says why a step was refused. `purpose` begins the sentence: "cannot
/// write /a/b"; PostgreSQL's reasons are sentences by themselves.
[[noreturn]] void fail(const std::string& purpose, const Refusal& refusal);

// Each does the action of its name in actions.yaml, as Action::run says.

/// Puts keys on the block list, then deletes those that are stored. The database refuses a key on
/// the list from every side; the keyserver need not restart. Killed anywhere and run again, it ends
/// the same.
[[nodiscard]] Results run_block_keys(ActionContext& context);
[[nodiscard]] Results run_unblock_keys(ActionContext& context);
[[nodiscard]] Results run_list_blocked_keys(ActionContext& context);
[[nodiscard]] Results run_import_block_list(ActionContext& context);
[[nodiscard]] Results run_export_block_list(ActionContext& context);

/// Brings the keys of files, or of what URLs lead to, into the database. Nothing is stored unless
/// every file can be read. What became of the keys is read from the database; the words and exit
/// codes of Hockeypuck's programs do not count.
[[nodiscard]] Results run_load_keys(ActionContext& context);

/// Writes every key of the database to files in the workload container, as hockeypuck-dump would if
/// it did not lose keys. The dump is complete exactly when its `SHA256SUMS` is there.
[[nodiscard]] Results run_dump_keys(ActionContext& context);
[[nodiscard]] Results run_get_admin_key(ActionContext& context);

/// Puts a new key in place of the one that signs the charm's requests. A later hook revokes the old
/// one, when Juju has kept the new one.
[[nodiscard]] Results run_rotate_admin_key(ActionContext& context);
[[nodiscard]] Results run_lookup_key(ActionContext& context);
[[nodiscard]] Results run_rebuild_prefix_tree(ActionContext& context);
[[nodiscard]] Results run_show_peers(ActionContext& context);

/// All that can be known of this unit, for people and as JSON. It is asked for when something is
/// broken: what cannot be had says why in its place, and the action succeeds.
[[nodiscard]] Results run_show_status(ActionContext& context);

}  // namespace charm::actions
