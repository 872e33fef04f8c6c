// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/tree_folder.hpp"

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The digests this server reconciles with: what its own programs have put there, whatever is in
/// the database. Safe to use from several threads.
///
/// As in Hockeypuck changes are collected, and made once in each gossip interval, after a
/// reconciliation and at the end. A process that is killed before has lost them.
class PrefixTree {
 public:
  /// Empty when it is made here. Throws TreeError when the folder cannot be had, is in use or
  /// damaged.
  PrefixTree(const std::filesystem::path& path, Log& log) : folder_(path), log_(log) {}

  /// For the next mutate().
  void add(const std::string& digest);
  /// For the next mutate().
  void remove(const std::string& digest);

  /// Makes the changes: Hockeypuck first adds all, then removes all. So a key that is removed and
  /// added again between two of these is lost to the tree. What changes nothing is in the log.
  void mutate();

  /// As of the last mutate().
  Digests digests() const;
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  TreeFolder folder_;
  std::vector<std::string> to_add_;
  std::vector<std::string> to_remove_;
  Log& log_;
};

/// Writes the statistics file that Hockeypuck leaves beside the folder of a tree of this size,
/// whose parent must be writable.
void write_tree_statistics(const std::filesystem::path& tree, std::size_t total);

}  // namespace rehearsal::keyserver
