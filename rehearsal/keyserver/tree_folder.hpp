// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/recon_message.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace rehearsal::keyserver {

/// A prefix tree that cannot be opened. In LevelDB's words, as Hockeypuck prints them.
class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct TableFile {
  std::size_t number = 0;
  /// In octets. What is behind is no part of the table.
  std::size_t size = 0;
  bool operator==(const TableFile&) const = default;
};

/// Which files hold the tree.
struct TreeManifest {
  std::size_t log = 0;
  /// None before the second start.
  std::optional<TableFile> table = std::nullopt;
  bool operator==(const TreeManifest&) const = default;
};

/// A set of digests on the disk, which this process has for itself as long as the object lives.
///
/// Its files have the names and parts of LevelDB's, so that what is done to one of them ends as it
/// does with Hockeypuck: CURRENT names a manifest (MANIFEST-n), which names a table (n.ldb) and a
/// log of what changed since (n.log). They hold text of this program's own.
///
/// A missing or damaged table, manifest or CURRENT is an error. A log counts as far as it can be
/// read, and nobody is told what is lost with it. Where LevelDB reads the blocks of a table that it
/// needs, this one reads them all and finds damage in any.
class TreeFolder {
 public:
  /// Makes what is missing of the folder; a folder without any of the files becomes an empty tree.
  /// Throws TreeError.
  explicit TreeFolder(const std::filesystem::path& path);

  TreeFolder(const TreeFolder&) = delete;
  TreeFolder& operator=(const TreeFolder&) = delete;
  ~TreeFolder();

  const Digests& digests() const { return digests_; }

  /// False: it is there already.
  bool add(const std::string& digest);
  /// False: it is not there.
  bool remove(const std::string& digest);

  /// Hands all changes to the system: then they outlive the process, if not the machine.
  void write();

 private:
  void lock();
  void recover(const std::filesystem::path& current);
  /// From here on changes go to a new log. Its number is one more than the greatest in use.
  void begin(TreeManifest manifest);
  void forget_files_but(const TreeManifest& manifest, const std::string& manifest_file) const;

  std::filesystem::path path_;
  int lock_ = -1;
  int log_ = -1;
  Digests digests_;
  /// Lines for the log.
  std::string changes_;
};

}  // namespace rehearsal::keyserver
