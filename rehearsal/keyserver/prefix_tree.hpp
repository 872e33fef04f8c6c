// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace rehearsal::keyserver {

/// The directory of the prefix tree. This keyserver reconciles with the digests that are in the
/// database and keeps nothing here (its tree is never stale), but it needs the directory as
/// Hockeypuck does: made at the start, locked while the server runs, with a
/// statistics file beside it written at the end.
class PrefixTree {
 public:
  /// Throws std::runtime_error when the directory cannot be made or another server has it.
  explicit PrefixTree(const std::filesystem::path& path);

  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;
  ~PrefixTree();

 private:
  std::filesystem::path path_;
  int lock_;
};

}  // namespace rehearsal::keyserver
