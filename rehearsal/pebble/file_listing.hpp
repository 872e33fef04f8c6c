// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <sys/stat.h>

namespace rehearsal::pebble {

struct FileInfo {
  std::string path;
  std::string name;

  struct stat status {};
};

/// The entries of a directory, or the one entry of anything else or where the directory `itself`
/// is asked for; `pattern` selects by name, empty selects all. Throws FileError.
std::vector<FileInfo> list_files(const std::string& path, const std::string& pattern, bool itself);

/// "file", "directory", "symlink", "socket", "named-pipe", "device" or "unknown".
std::string file_type(const struct stat& status);

/// Whether a name matches a pattern with `*`, `?`, `[…]` and backslashes. Throws FileError for a
/// malformed pattern.
bool matches_pattern(const std::string& pattern, const std::string& name);

}  // namespace rehearsal::pebble
