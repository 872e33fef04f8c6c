// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/account.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace rehearsal::pebble {

/// How a file or directory is to be made.
struct FileAttributes {
  mode_t permissions = 0;
  /// None: the agent's own.
  std::optional<Account> owner;
};

/// The permissions of a request, three octal digits, or the default. Throws FileError.
mode_t parse_permissions(const std::string& text, mode_t default_permissions);

/// Writes a file by way of a temporary one beside it, so that readers see the old or the new
/// content. Throws FileError.
void write_file(const std::string& path, std::string_view content,
                const FileAttributes& attributes);

/// Makes a directory. With `parents`, missing ones are made alike and an existing directory is no
/// error. Throws FileError.
void make_directory(const std::string& path, const FileAttributes& attributes, bool parents);

/// Removes a file or an empty directory, or with `recursive` a whole tree, which may be missing.
/// Throws FileError.
void remove_path(const std::string& path, bool recursive);

}  // namespace rehearsal::pebble
