// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/prefix_tree.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

/// Beside the directory, so the directory's parent must be writable.
std::filesystem::path statistics_file(const std::filesystem::path& tree) {
  return tree.parent_path() / ("." + tree.filename().string() + ".stats");
}

}  // namespace

PrefixTree::PrefixTree(const std::filesystem::path& path) : path_(path), lock_(-1) {
  std::filesystem::create_directories(path_);
  const std::filesystem::path file = path_ / "LOCK";
  lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const std::string reason = std::strerror(errno);
    if (lock_ >= 0) {
      close(lock_);
    }
    throw std::runtime_error(file.string() + ": " + reason);
  }
  std::ofstream(path_ / "REHEARSAL")
      << "Made by the rehearsal's keyserver, which reconciles without: no tree is kept here.\n";
}

PrefixTree::~PrefixTree() {
  std::ofstream(statistics_file(path_)) << R"({"Total":0,"Hourly":{},"Daily":{}})"
                                        << "\n";
  close(lock_);
}

}  // namespace rehearsal::keyserver
