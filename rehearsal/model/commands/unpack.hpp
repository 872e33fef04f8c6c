// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace rehearsal::commands {

/// A charm given as a folder or as a .charm file, which is unpacked for as long as this lives.
class CharmFolder {
 public:
  /// Throws UserError when there is nothing there or `unzip` cannot unpack it.
  explicit CharmFolder(const std::filesystem::path& source);

  CharmFolder(const CharmFolder&) = delete;
  CharmFolder& operator=(const CharmFolder&) = delete;
  ~CharmFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// What was given, absolute.
  [[nodiscard]] const std::filesystem::path& source() const { return source_; }

 private:
  std::filesystem::path source_;
  std::filesystem::path path_;
};

}  // namespace rehearsal::commands
