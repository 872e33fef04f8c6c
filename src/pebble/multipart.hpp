// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The parts of RFC 7578 (multipart/form-data) that Pebble's files API needs, in both directions.
namespace charm::pebble::multipart {

struct Part {
  std::string name;
  /// The text between the quotes, with its escapes; compare with quoted().
  std::string quoted_file_name;
  std::string content;
};

/// Views of a part of a parsed body.
struct PartView {
  std::string_view name;
  std::string_view quoted_file_name;
  std::string_view content;

  bool operator==(const PartView&) const = default;
};

/// Escapes a file name as Pebble does: `\` before `"` and `\`, and nothing else.
[[nodiscard]] std::string quoted(std::string_view file_name);

/// Returns a boundary of 40 characters that is in none of the parts. Pebble requires at least 32.
[[nodiscard]] std::string boundary_for(const std::vector<Part>& parts);

[[nodiscard]] std::string render(const std::vector<Part>& parts, const std::string& boundary);

/// Returns the boundary in a Content-Type, or nothing if that is not multipart.
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

/// Splits a body into its parts. Returns nothing if the body is incomplete.
[[nodiscard]] std::optional<std::vector<PartView>> parse(std::string_view body,
                                                         const std::string& boundary);

}  // namespace charm::pebble::multipart
