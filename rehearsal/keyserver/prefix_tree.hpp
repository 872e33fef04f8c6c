// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/recon_message.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A prefix tree that cannot be opened. In LevelDB's words, as Hockeypuck prints them.
class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The digests this server reconciles with: what its own programs have put there, whatever is in
/// the database. Safe to use from several threads.
///
/// As in Hockeypuck changes are collected, and made once in each gossip interval, after a
/// reconciliation and at the end. A process that is killed before has lost them.
///
/// The files have the names and parts of LevelDB's, so that damage to one of them ends as it does
/// with Hockeypuck: CURRENT names a manifest, which stands for a table (.ldb) and a log of later
/// changes. They hold this program's own text. A missing or damaged table, manifest or CURRENT is
/// an error; a log counts as far as it can be read.
class PrefixTree {
 public:
  /// Opens the folder for this process alone, and makes it when it is missing. A folder without
  /// any of the files becomes an empty tree. Throws TreeError.
  PrefixTree(const std::filesystem::path& path, Log& log);

  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;
  ~PrefixTree();

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
  void lock();
  void read();
  /// Puts all digests into the table and begins a new log.
  void write();

  std::filesystem::path path_;
  Log& log_;
  int lock_ = -1;
  mutable std::mutex mutex_;
  Digests digests_;
  std::vector<std::string> to_add_;
  std::vector<std::string> to_remove_;
  std::ofstream changes_;
  /// Lines that the log of changes does not have yet.
  std::string unwritten_;
};

/// Writes the statistics file that Hockeypuck leaves next to the folder of a tree of this size,
/// whose parent must be writable.
void write_tree_statistics(const std::filesystem::path& tree, std::size_t total);

}  // namespace rehearsal::keyserver
