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

/// A prefix tree that cannot be opened. The message is LevelDB's, as Hockeypuck prints it.
class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The digests with which this server reconciles. Only its own programs change them, whatever the
/// database holds. Safe to use from several threads.
///
/// As in Hockeypuck, changes are collected and made once in each gossip interval, after a
/// reconciliation and at the end. A process that is killed earlier loses them.
///
/// The files have the names and structure of LevelDB's, so that damage has the same effect as in
/// Hockeypuck. CURRENT names a manifest, which names a table (.ldb) and a log of later changes.
/// They hold this program's own text. A missing or damaged table, manifest or CURRENT is an error.
/// A log counts up to its first damaged line.
class PrefixTree {
 public:
  /// Opens the folder exclusively, and makes it if it is missing. A folder without any of the files
  /// becomes an empty tree. Throws TreeError.
  PrefixTree(const std::filesystem::path& path, Log& log);

  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;
  ~PrefixTree();

  /// Takes effect at the next mutate().
  void add(const std::string& digest);
  /// Takes effect at the next mutate().
  void remove(const std::string& digest);

  /// Makes the changes. Hockeypuck first adds all, then removes all. A key that is removed and
  /// added again between two calls is therefore lost to the tree. The log reports changes without
  /// effect.
  void mutate();

  /// Returns the state of the last mutate().
  Digests digests() const;
  std::size_t size() const;

 private:
  void lock();
  void read();
  /// Writes all digests to the table and begins a new log.
  void write();

  std::filesystem::path path_;
  Log& log_;
  int lock_ = -1;
  mutable std::mutex mutex_;
  Digests digests_;
  std::vector<std::string> to_add_;
  std::vector<std::string> to_remove_;
  std::ofstream changes_;
  /// Lines that are not in the log of changes yet.
  std::string unwritten_;
};

/// Writes the statistics file that Hockeypuck leaves next to the folder of a tree of this size. The
/// parent of the folder must be writable.
void write_tree_statistics(const std::filesystem::path& tree, std::size_t total);

}  // namespace rehearsal::keyserver
