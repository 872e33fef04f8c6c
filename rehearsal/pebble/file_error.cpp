// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/file_error.hpp"

#include <cerrno>

namespace rehearsal::pebble {

std::string FileError::kind() const {
  if (error == ENOENT) {
    return "not-found";
  }
  return error == EACCES || error == EPERM ? "permission-denied" : "generic-file-error";
}

void require_absolute(const std::string& path) {
  if (!path.starts_with('/')) {
    throw FileError("paths must be absolute, got " + go_quoted(path));
  }
}

}  // namespace rehearsal::pebble
