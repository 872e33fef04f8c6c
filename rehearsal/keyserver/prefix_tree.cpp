// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/prefix_tree.hpp"

#include <fstream>

namespace rehearsal::keyserver {

void PrefixTree::add(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  to_add_.push_back(digest);
}

void PrefixTree::remove(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  to_remove_.push_back(digest);
}

void PrefixTree::mutate() {
  const std::lock_guard lock(mutex_);
  for (const std::string& digest : to_add_) {
    if (!folder_.add(digest)) {
      log_.warning("cannot insert \"" + digest +
                   "\" into prefix tree: attempt to insert duplicate element");
    }
  }
  for (const std::string& digest : to_remove_) {
    if (!folder_.remove(digest)) {
      log_.warning("cannot remove \"" + digest + "\" from prefix tree: leveldb: not found");
    }
  }
  to_add_.clear();
  to_remove_.clear();
  try {
    folder_.write();
  } catch (const TreeError& error) {
    // Tried again with the next changes.
    log_.error(error.what());
  }
}

Digests PrefixTree::digests() const {
  const std::lock_guard lock(mutex_);
  return folder_.digests();
}

std::size_t PrefixTree::size() const {
  const std::lock_guard lock(mutex_);
  return folder_.digests().size();
}

void write_tree_statistics(const std::filesystem::path& tree, std::size_t total) {
  std::ofstream(tree.parent_path() / ("." + tree.filename().string() + ".stats"))
      << R"({"Total":)" << total << R"(,"Hourly":{},"Daily":{}})"
      << "\n";
}

}  // namespace rehearsal::keyserver
