// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"

#include <chrono>

namespace charm::actions {

/// Throws Failure unless this unit is the leader. Peers see the prefix tree of the leader's
/// keyserver, so keys may be deleted only there.
void require_leader(const juju::HookTools& juju, const std::string& unit);

/// Throws the Failure with the reason of a refused step. `purpose` begins the sentence: "cannot
/// write /a/b". PostgreSQL's reasons are complete sentences.
[[noreturn]] void fail(const std::string& purpose, const Refusal& refusal);

/// When a long action tells its progress: once in ten seconds, because each message starts a
/// program.
class ProgressTimer {
 public:
  explicit ProgressTimer(Clock& clock) : clock_(clock), next_(clock.now() + interval) {}

  /// Whether ten seconds have passed since the start, and since the last time that they had.
  bool is_due() {
    const std::chrono::sys_seconds now = clock_.now();
    if (now < next_) {
      return false;
    }
    next_ = now + interval;
    return true;
  }

 private:
  static constexpr std::chrono::seconds interval{10};

  Clock& clock_;
  std::chrono::sys_seconds next_;
};

// Each function runs the action of its name in actions.yaml, as Action::run describes.

/// Puts keys on the block list, then deletes those that are stored. The database refuses a blocked
/// key from every source, and the keyserver need not restart. If the action is killed, a second run
/// completes it.
[[nodiscard]] Results run_block_keys(ActionContext& context);
[[nodiscard]] Results run_unblock_keys(ActionContext& context);
[[nodiscard]] Results run_list_blocked_keys(ActionContext& context);
[[nodiscard]] Results run_import_block_list(ActionContext& context);
[[nodiscard]] Results run_export_block_list(ActionContext& context);

/// Counts the keys of a search, and writes them as a block list if a path is given. Changes nothing
/// in the database.
[[nodiscard]] Results run_find_keys(ActionContext& context);

/// Imports the keys of files or URLs into the database. Nothing is stored unless every file can be
/// read. The database shows the result for each key; log lines and exit codes of Hockeypuck's
/// programs do not count.
[[nodiscard]] Results run_load_keys(ActionContext& context);

/// Writes every key of the database to files in the workload container. The format is that of
/// hockeypuck-dump, which itself omits keys. The dump is complete exactly if its `SHA256SUMS`
/// exists.
[[nodiscard]] Results run_dump_keys(ActionContext& context);
[[nodiscard]] Results run_get_admin_key(ActionContext& context);

/// Replaces the key that signs the charm's requests. A later hook revokes the old key, once Juju
/// has stored the new one.
[[nodiscard]] Results run_rotate_admin_key(ActionContext& context);
[[nodiscard]] Results run_lookup_key(ActionContext& context);
[[nodiscard]] Results run_rebuild_prefix_tree(ActionContext& context);
[[nodiscard]] Results run_show_peers(ActionContext& context);

/// Reports the state of this unit, for operators and as JSON. Operators run it when something is
/// broken. It therefore succeeds, and an unavailable value shows the reason.
[[nodiscard]] Results run_show_status(ActionContext& context);

}  // namespace charm::actions
