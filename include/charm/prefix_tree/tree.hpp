// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/status.hpp"
#include "charm/domain/turn.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The charm's knowledge of Hockeypuck's prefix tree (2.3.3), and its conclusions from it.
namespace charm::prefix_tree {

enum class Stage {
  begin,   ///< Stop both services, remove the tree and start the build (again).
  wait,    ///< The build is running.
  finish,  ///< The build is complete: the tree may be trusted.
};

/// Returns the next stage of a rebuild. `build` is Pebble's word for the service. It is empty if
/// Pebble does not know the service because its container restarted. `closed` means that the file
/// at statistics_path exists.
[[nodiscard]] Stage next_stage(const Rebuild& rebuild, std::string_view build, bool closed);

/// Whether a folder with these files holds a tree. If only the lock and the log are left, LevelDB
/// silently makes a new tree.
[[nodiscard]] bool is_tree(const std::vector<std::string>& file_names);

/// The tree that a keyserver would start with.
struct Tree {
  bool exists = false;
  /// True for the leader. The trees of the other units reconcile with the leader's, so a stale one
  /// need not keep a unit from serving.
  bool reconciles_with_peers = false;
};

/// Returns the reason why the tree must be rebuilt before a keyserver starts with it. Empty if no
/// rebuild is needed.
[[nodiscard]] std::string why_not_usable(const Tree& tree, const std::optional<Record>& record,
                                         const DatabaseContent& database);

/// Whether a keyserver with this last output crashed because its tree is damaged.
[[nodiscard]] bool is_damage(std::string_view last_output);

/// Whether enough keys differ to justify a rebuild. A few always do: changes reach the tree once in
/// a gossip interval. A key that is deleted and uploaded again within one interval stays missing.
[[nodiscard]] bool is_far(const Comparison& comparison);

/// Whether digests are missing, or left over, that reconciliation cannot correct.
[[nodiscard]] bool drifts(const Comparison& comparison);

/// Whether a comparison is worth its cost: each hour, and `settling` after a bad one.
[[nodiscard]] bool comparison_is_due(const std::optional<Record>& record, std::int64_t now,
                                     std::chrono::seconds settling);

/// Returns the record after a comparison. The tree is far off only if a second comparison confirms
/// it, because a change may take `settling` to reach the tree.
[[nodiscard]] Record with_comparison(Record record, const Comparison& comparison, std::int64_t now,
                                     std::chrono::seconds settling);

/// Whether the charm may automatically rebuild a tree that is far off: once a day.
[[nodiscard]] bool may_rebuild(const Record& record, std::int64_t now);

/// Whether a unit that other units can replace may rebuild its tree because of any difference: once
/// a day. Then the other units get the missing digests from it.
[[nodiscard]] bool may_repair(const Record& record, std::int64_t now);

/// Whether the unit has its turn to stop its keyserver for a rebuild. A turn lasts six hours, so
/// two units do not rebuild drifted trees at the same time.
[[nodiscard]] bool is_turn(const Turn& turn, std::int64_t now);

/// Whether the time of a Pebble log line (RFC 3339, UTC) is later than a second since 1970.
[[nodiscard]] bool is_after(std::string_view time, std::int64_t second);

/// Returns a sentence for operators: "it has 20 digests for 1000 keys".
[[nodiscard]] std::string sentence(const Comparison& comparison);

/// Returns the reason of a rebuild. If an earlier build failed, this is its last output.
[[nodiscard]] std::string why(const Rebuild& rebuild);

/// Returns the status of a rebuild that is under way.
[[nodiscard]] Status progress(const Rebuild& rebuild, std::int64_t now);

/// Returns the status of a tree that is far off although it was rebuilt for that today.
[[nodiscard]] Status far_off(const Record& record);

/// The Pebble service of the build. It ends when the tree is complete and is never restarted. Each
/// start follows the removal of the tree, because hockeypuck-pbuild only adds.
[[nodiscard]] Layer build_layer();

/// Returns the files next to the tree as JSON, which an operator can read.
[[nodiscard]] std::string file_text(const Rebuild& rebuild);
[[nodiscard]] std::string file_text(const Record& record);

/// Reads the file of a rebuild. If the file exists, there is a rebuild: an unknown text means that
/// the rebuild must begin again.
[[nodiscard]] Rebuild read_rebuild(std::string_view text);

/// Reads a record. Returns nothing for an unknown text.
[[nodiscard]] std::optional<Record> read_record(std::string_view text);

}  // namespace charm::prefix_tree
