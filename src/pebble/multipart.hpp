// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The little of RFC 7578 (multipart/form-data) that Pebble's files API needs, in both directions.
namespace charm::pebble::multipart {

struct Part {
  std::string name;
  /// What is between the quotes, escapes included; compare with quoted().
  std::string quoted_file_name;
  std::string content;
};

/// A part of a body that was taken apart: views of it.
struct PartView {
  std::string_view name;
  std::string_view quoted_file_name;
  std::string_view content;

  bool operator==(const PartView&) const = default;
};

/// Escapes a file name the way Pebble reads and writes it: `\` before `"` and `\`, all else raw.
[[nodiscard]] std::string quoted(std::string_view file_name);

/// Returns a boundary of 40 characters that is in none of the parts. Pebble wants at least 32.
[[nodiscard]] std::string boundary_for(const std::vector<Part>& parts);

[[nodiscard]] std::string render(const std::vector<Part>& parts, const std::string& boundary);

/// Returns the boundary named by a Content-Type, or nothing if that is not multipart.
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

/// Takes a body apart; nothing when it is not whole.
[[nodiscard]] std::optional<std::vector<PartView>> parse(std::string_view body,
                                                         const std::string& boundary);

}  // namespace charm::pebble::multipart
