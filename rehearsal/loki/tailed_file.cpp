// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/tailed_file.hpp"

#include <string_view>

#include <sys/stat.h>

namespace rehearsal::promtail {

void TailedFile::read(std::vector<std::string>& lines) {
  file_.clear();
  std::vector<char> piece(1UL << 16U);
  do {
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    std::string_view rest(piece.data(), static_cast<std::size_t>(file_.gcount()));
    position_ += file_.gcount();
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      lines.push_back(begun_.append(rest.substr(0, end)));
      begun_.clear();
      rest.remove_prefix(end + 1);
    }
    begun_ += rest;
  } while (file_.gcount() > 0);
}

std::vector<std::string> TailedFile::new_lines() {
  std::vector<std::string> lines;
  if (file_.is_open()) {
    read(lines);
  }

  struct stat status {};

  if (stat(path_.c_str(), &status) != 0 || (file_.is_open() && status.st_ino == inode_)) {
    return lines;
  }
  file_ = std::ifstream(path_);
  inode_ = status.st_ino;
  position_ = 0;
  begun_.clear();
  if (file_.is_open()) {
    read(lines);
  }
  return lines;
}

}  // namespace rehearsal::promtail
