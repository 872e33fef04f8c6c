// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pebble {

/// A file operation that failed. `kind`: "not-found", "permission-denied" or "generic-file-error".
struct FileError : std::runtime_error {
  FileError(std::string error_kind, const std::string& message)
      : std::runtime_error(message), kind(std::move(error_kind)) {}

  std::string kind;
};

struct FileInfo {
  std::string path;
  std::string type;  ///< "file", "directory", "symlink" or "other".
  std::uint64_t size = 0;
  unsigned mode = 0;
  uid_t user = 0;
  gid_t group = 0;
  std::string last_modified;
};

/// The properties of a new file or directory.
struct FileAttributes {
  unsigned mode = 0;
  /// Absent: the agent's own user.
  std::optional<uid_t> user;
  std::optional<gid_t> group;
};

/// The files of a container. All paths are absolute. Every function throws FileError.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// Returns the entries of a directory, sorted by name. Returns the single entry of a file, or of
  /// the directory if `itself` is true.
  virtual std::vector<FileInfo> list(const std::string& path, bool itself) = 0;
  virtual std::string read(const std::string& path) = 0;
  /// Readers see either the old or the new content.
  virtual void write(const std::string& path, std::string_view content,
                     const FileAttributes& attributes) = 0;
  /// With `parents`, missing ones are made in the same way, and an existing directory stays
  /// unchanged.
  virtual void make_directory(const std::string& path, const FileAttributes& attributes,
                              bool parents) = 0;
  /// Removes a file or an empty directory. With `recursive`, removes a whole tree, which may be
  /// missing.
  virtual void remove(const std::string& path, bool recursive) = 0;
};

}  // namespace rehearsal::pebble
