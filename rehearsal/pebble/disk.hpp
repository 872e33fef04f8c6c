// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/file_system.hpp"

namespace rehearsal::pebble {

/// The files of the agent's own file system.
class Disk final : public FileSystem {
 public:
  std::vector<FileInfo> list(const std::string& path, bool itself) override;
  std::string read(const std::string& path) override;
  void write(const std::string& path, std::string_view content,
             const FileAttributes& attributes) override;
  void make_directory(const std::string& path, const FileAttributes& attributes,
                      bool parents) override;
  void remove(const std::string& path, bool recursive) override;
};

}  // namespace rehearsal::pebble
