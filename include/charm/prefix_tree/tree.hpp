// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the charm knows of Hockeypuck's prefix tree (2.3.3), and what it concludes from that.
namespace charm::prefix_tree {

enum class Turn {
  begin,   ///< Stop both services, remove the tree, start the build; also when that was begun.
  wait,    ///< The build is at work.
  finish,  ///< It came to its end: the tree may be trusted.
};

/// What a rebuild needs next. `build` is Pebble's word for the service, empty where Pebble does not
/// know it (its container was restarted); `closed`: the file at statistics_path is there.
[[nodiscard]] Turn next_turn(const Rebuild& rebuild, std::string_view build, bool closed);

/// Whether a folder with these files holds a tree. LevelDB makes a new one without a word where
/// only its lock and its log are left.
[[nodiscard]] bool is_tree(const std::vector<std::string>& file_names);

/// Why the tree must be rebuilt before a keyserver that reconciles may start with it; empty when
/// it need not.
[[nodiscard]] std::string why_not_usable(bool exists, const std::optional<Record>& record,
                                         const DatabaseContent& database);

/// Whether a keyserver that died with these words did so because its tree is damaged.
[[nodiscard]] bool is_damage(std::string_view last_words);

/// Whether so many keys differ that a rebuild is worth while. Some always do: changes reach the
/// tree once in a gossip interval, and a key that is deleted and uploaded again in the same one is
/// missing from then on.
[[nodiscard]] bool is_far(const Comparison& comparison);

/// Whether a comparison is worth its cost: each hour, and `settling` after a bad one.
[[nodiscard]] bool comparison_is_due(const std::optional<Record>& record, std::int64_t now,
                                     std::chrono::seconds settling);

/// The record after a comparison. Only what a second one confirms is far: a change may take
/// `settling` to reach the tree.
[[nodiscard]] Record with_comparison(Record record, const Comparison& comparison, std::int64_t now,
                                     std::chrono::seconds settling);

/// Whether the charm may rebuild a tree that is far off by itself: once a day.
[[nodiscard]] bool may_rebuild(const Record& record, std::int64_t now);

/// Whether Pebble's time of a log line (RFC 3339, UTC) is later than a second since 1970.
[[nodiscard]] bool is_after(std::string_view time, std::int64_t second);

/// "it has 20 digests for 1000 keys", for people.
[[nodiscard]] std::string sentence(const Comparison& comparison);

/// What to show while a rebuild goes on.
[[nodiscard]] Status progress(const Rebuild& rebuild, std::int64_t now);

/// What to show of a tree that is far off and was rebuilt for that today.
[[nodiscard]] Status far_off(const Record& record);

/// The service, for Pebble. It ends by itself and is never restarted: each start follows the
/// removal of the tree, because hockeypuck-pbuild only adds.
[[nodiscard]] Layer build_layer();

/// The files next to the tree, as JSON for a person to read.
[[nodiscard]] std::string file_text(const Rebuild& rebuild);
[[nodiscard]] std::string file_text(const Record& record);

/// Reads the file of a rebuild. Whatever it holds, there is one: of a text that is not ours it is
/// to begin again.
[[nodiscard]] Rebuild read_rebuild(std::string_view text);

/// Reads a record. Of a text that is not ours there is none.
[[nodiscard]] std::optional<Record> read_record(std::string_view text);

}  // namespace charm::prefix_tree
