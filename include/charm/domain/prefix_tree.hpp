// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The prefix tree of Hockeypuck 2.3: a LevelDB folder with one digest for each key. Keyservers
/// compare their trees to find missing keys. The folder prefix_tree holds the charm's decisions.
namespace charm::prefix_tree {

/// The Pebble service that rebuilds the tree. It never runs while the keyserver runs, because each
/// of them locks the folder.
inline constexpr std::string_view service = "prefix-tree-build";
inline constexpr std::string_view path = "/hockeypuck/data/prefix-tree/ptree";
/// The keyserver and the build write this file when they have closed the tree. After a rebuild it
/// proves that the build is complete.
inline constexpr std::string_view statistics_path = "/hockeypuck/data/prefix-tree/.ptree.stats";
/// While this file exists, a rebuild is under way and the tree must not be trusted.
inline constexpr std::string_view rebuild_path = "/hockeypuck/data/prefix-tree/rebuild.json";
/// Names the database of the tree, and holds the last comparison with it.
inline constexpr std::string_view record_path = "/hockeypuck/data/prefix-tree/record.json";

enum class RebuildState {
  requested,  ///< Next: stop the keyserver, remove the tree and start the build.
  building,   ///< The build was started without a tree.
};

/// A rebuild under way, as the storage keeps it: all data with which a later dispatch continues it.
struct Rebuild {
  RebuildState state = RebuildState::requested;
  std::string reason;      ///< Follows "rebuilding the prefix tree: ".
  bool automatic = false;  ///< True if a comparison found too great a difference.
  std::string database;    ///< The database from which it is built; empty until the build begins.
  std::int64_t keys = 0;   ///< The number of keys in the database when the build began.
  std::int64_t since = 0;  ///< The start of the build, in seconds since 1970.
  std::string failure;     ///< The last output of an earlier build that failed, or empty.

  bool operator==(const Rebuild&) const = default;
};

/// The number of digests in the tree and of keys in the database.
struct Comparison {
  std::int64_t digests = 0;
  std::int64_t keys = 0;
  std::int64_t settled = 0;  ///< The keys that must be in every tree by now.

  bool operator==(const Comparison&) const = default;
};

/// The known facts about the tree, kept next to it. Times are seconds since 1970; 0 is never.
struct Record {
  std::string database;            ///< The tree's database, as KeyDatabase::identity() names it.
  std::int64_t trusted_since = 0;  ///< When it was made or first seen.
  std::int64_t compared = 0;       ///< The time of the last comparison.
  Comparison comparison;           ///< The last comparison.
  std::int64_t differs_since = 0;  ///< The first of consecutive comparisons that are far off.
  bool is_far = false;             ///< A second comparison, late enough, confirmed the difference.
  std::int64_t drifts_since = 0;   ///< The first of consecutive comparisons with any difference.
  bool drifts = false;             ///< A second comparison confirmed that as well.
  std::int64_t rebuilt = 0;        ///< The time of the last rebuild for this reason.

  bool operator==(const Record&) const = default;
};

/// The content of a database before the keyserver uses it.
struct DatabaseContent {
  std::string identity;  ///< Different for every database.
  bool has_keys = false;
};

/// The result of a request to rebuild the tree.
struct Outcome {
  bool rebuilt = false;    ///< True once the keyserver serves with the new tree.
  bool under_way = false;  ///< A rebuild was already under way, and the request only waited for it.
  std::string reason;      ///< The reason of that rebuild.
  std::int64_t keys = 0;   ///< The number of keys in the database; 0 until the build begins.
  std::string status;      ///< The progress in one sentence; empty after the rebuild.
};

}  // namespace charm::prefix_tree
