// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/file_error.hpp"
#include "rehearsal/pebble/json_body.hpp"

#include <optional>
#include <string>

namespace rehearsal::pebble {

/// The entry of one path in the result of a request about files.
inline Json entry_for(const std::string& path, const std::optional<FileError>& error) {
  Json result{{"path", path}};
  if (error) {
    result["error"] = {{"message", error->what()}, {"kind", error->kind()}};
  }
  return result;
}

/// Runs what is done to one path and gives its entry of the result.
template <typename Action>
Json result_of(const std::string& path, Action action) {
  try {
    require_absolute(path);
    action();
    return entry_for(path, std::nullopt);
  } catch (const FileError& error) {
    return entry_for(path, error);
  }
}

}  // namespace rehearsal::pebble
