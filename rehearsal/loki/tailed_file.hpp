// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal::promtail {

/// The new lines of a file that somebody writes to; a file of the same name that takes its place is
/// read from its start, after the rest of the old one.
class TailedFile {
 public:
  explicit TailedFile(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Whole lines without their ends; nothing while there is no file.
  [[nodiscard]] std::vector<std::string> new_lines();

  /// How far the present file has been read.
  [[nodiscard]] std::streamoff position() const { return position_; }

 private:
  void read(std::vector<std::string>& lines);

  std::string path_;
  std::ifstream file_;
  ino_t inode_ = 0;
  std::streamoff position_ = 0;
  std::string begun_;  ///< A line that has no end yet.
};

}  // namespace rehearsal::promtail
