// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The prefix tree of Hockeypuck 2.3: a LevelDB folder with one digest for each key, from which
/// keyservers find out what they lack. What the charm decides of it is in the folder prefix_tree.
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
  requested,  ///< To begin, or to begin again: stop the keyserver, remove the tree, start the
              ///< build.
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

/// What is known of the tree, kept next to it. Times are seconds since 1970, 0 is never.
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
};

/// What became of a request to rebuild the tree.
struct Outcome {
  bool rebuilt = false;    ///< The keyserver serves with the new tree. Otherwise it is still to be.
  bool under_way = false;  ///< A rebuild was under way already, and was only waited for.
  std::string reason;      ///< Of that rebuild.
  std::int64_t keys = 0;   ///< In the database; 0 until the build began.
  std::string status;      ///< Where it stands, in a sentence; empty when it is rebuilt.
};

}  // namespace charm::prefix_tree
