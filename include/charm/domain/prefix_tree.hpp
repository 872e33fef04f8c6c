// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/domain/status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The prefix tree of Hockeypuck 2.3: a LevelDB folder with one digest for each key, from which
/// keyservers find out what they lack. What the charm knows of it, and what it decides from that.
namespace charm::prefix_tree {

/// The Pebble service that rebuilds the tree. It and the keyserver never run at once: each locks
/// the folder.
inline constexpr std::string_view service = "prefix-tree-build";
inline constexpr std::string_view path = "/hockeypuck/data/prefix-tree/ptree";
/// Keyserver and build write it when they have closed the tree: after a rebuild, the sign that it
/// came to its end.
inline constexpr std::string_view statistics_path = "/hockeypuck/data/prefix-tree/.ptree.stats";
/// While this file is there a rebuild is under way, and the tree is not to be trusted.
inline constexpr std::string_view rebuild_path = "/hockeypuck/data/prefix-tree/rebuild.json";
/// Of which database the tree is, and how it compared.
inline constexpr std::string_view record_path = "/hockeypuck/data/prefix-tree/record.json";

enum class RebuildState {
  requested,  ///< To begin, or to begin anew: stop the keyserver, remove the tree, start the build.
  building,   ///< The build was started on no tree.
};

/// A rebuild under way, as it is kept on the storage: all that a later dispatch needs to go on.
struct Rebuild {
  RebuildState state = RebuildState::requested;
  std::string reason;      ///< Follows "rebuilding the prefix tree: ".
  bool by_itself = false;  ///< Because a comparison found the tree far from its database.
  std::string database;    ///< From which it is built; empty until it is building.
  std::int64_t keys = 0;   ///< That the database had when the build began.
  std::int64_t since = 0;  ///< When the build began; seconds since 1970.

  bool operator==(const Rebuild&) const = default;
};

/// How many digests the tree has, and how many keys the database.
struct Comparison {
  std::int64_t digests = 0;
  std::int64_t keys = 0;

  bool operator==(const Comparison&) const = default;
};

/// What is known of the tree, kept beside it. Times are seconds since 1970, 0 is never.
struct Record {
  std::string database;            ///< That it belongs to, as KeyDatabase::identity() names it.
  std::int64_t trusted_since = 0;  ///< When it was made, or first seen.
  std::int64_t compared = 0;       ///< The last time.
  Comparison comparison;           ///< As it was then.
  std::int64_t differs_since = 0;  ///< The first comparison in a row that found it far off.
  bool is_far = false;             ///< So did a second one, late enough.
  std::int64_t rebuilt = 0;        ///< The last time because of that.

  bool operator==(const Record&) const = default;
};

/// What a database holds, before the keyserver uses it.
struct DatabaseContent {
  std::string identity;  ///< Another one for every other database.
  bool has_keys = false;

  bool operator==(const DatabaseContent&) const = default;
};

/// What became of a request to rebuild the tree.
struct Outcome {
  bool rebuilt = false;    ///< The keyserver serves with the new tree. Otherwise it is still to be.
  bool under_way = false;  ///< A rebuild was under way already, and was only waited for.
  std::string reason;      ///< Of that rebuild.
  std::int64_t keys = 0;   ///< In the database; 0 until the build began.
  std::string status;      ///< Where it stands, in a sentence; empty when it is rebuilt.

  bool operator==(const Outcome&) const = default;
};

enum class Step {
  begin,   ///< Stop both services, remove the tree, start the build; also when that was begun.
  wait,    ///< The build is at work.
  finish,  ///< It came to its end: the tree may be trusted.
};

/// What a rebuild needs next. `build` is Pebble's word for the service, empty where Pebble does not
/// know it (its container was restarted); `closed`: the file at statistics_path is there.
[[nodiscard]] Step next_step(const Rebuild& rebuild, std::string_view build, bool closed);

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

}  // namespace charm::prefix_tree
