// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/go_text.hpp"

#include <optional>
#include <stdexcept>
#include <string>

namespace rehearsal::pebble {

/// A file operation that failed, with the message of Go's os package ("open /a: permission
/// denied") and the errno behind it, 0 if there is none.
struct FileError : std::runtime_error {
  explicit FileError(const std::string& message, int error_number = 0)
      : std::runtime_error(message), error(error_number) {}

  FileError(const std::string& operation, const std::string& path, int error_number)
      : FileError(operation + " " + path + ": " + errno_text(error_number), error_number) {}

  /// "not-found", "permission-denied" or "generic-file-error".
  std::string kind() const;

  int error;
};

/// Throws FileError for a path that is not absolute.
void require_absolute(const std::string& path);

}  // namespace rehearsal::pebble
