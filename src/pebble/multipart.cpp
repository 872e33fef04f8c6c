// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "multipart.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>

namespace charm::pebble::multipart {
namespace {

constexpr std::string_view line_end = "\r\n";

/// Returns a quoted parameter of a header with its escapes.
std::string_view parameter(std::string_view header, std::string_view name) {
  const std::string start = "; " + std::string(name) + "=\"";
  const auto found = header.find(start);
  if (found == std::string_view::npos) {
    return {};
  }
  const auto value = header.substr(found + start.size());
  std::size_t end = 0;
  while (end < value.size() && value[end] != '"') {
    end += value[end] == '\\' ? 2U : 1U;
  }
  return value.substr(0, end);
}

/// Removes the header lines of a part, which end with an empty line, and leaves its content.
std::optional<PartView> parse_part(std::string_view text) {
  PartView part;
  for (auto end = text.find(line_end); end != 0; end = text.find(line_end)) {
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    const auto header = text.substr(0, end);
    if (lower_case(header.substr(0, header.find(':'))) == "content-disposition") {
      part.name = parameter(header, "name");
      part.quoted_file_name = parameter(header, "filename");
    }
    text.remove_prefix(end + line_end.size());
  }
  part.content = text.substr(line_end.size());
  return part;
}

}  // namespace

std::string quoted(std::string_view file_name) {
  std::string text;
  for (const char byte : file_name) {
    if (byte == '"' || byte == '\\') {
      text += '\\';
    }
    text += byte;
  }
  return text;
}

std::string boundary_for(const std::vector<Part>& parts) {
  for (unsigned number = 0;; ++number) {
    const std::string digits = std::to_string(number);
    std::string boundary = "pebble-files-" + std::string(27 - digits.size(), '0') + digits;
    const bool free = std::none_of(parts.begin(), parts.end(), [&boundary](const Part& part) {
      return part.content.find(boundary) != std::string::npos ||
             part.quoted_file_name.find(boundary) != std::string::npos;
    });
    if (free) {
      return boundary;
    }
  }
}

std::string render(const std::vector<Part>& parts, const std::string& boundary) {
  std::string body;
  for (const Part& part : parts) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
    if (!part.quoted_file_name.empty()) {
      body += "; filename=\"" + part.quoted_file_name + "\"";
    }
    body += "\r\n\r\n";
    body += part.content;
    body += line_end;
  }
  return body + "--" + boundary + "--\r\n";
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  constexpr std::string_view key = "boundary=";
  const auto found = content_type.find(key);
  if (!content_type.starts_with("multipart/form-data") || found == std::string_view::npos) {
    return std::nullopt;
  }
  auto value = content_type.substr(found + key.size());
  value = value.starts_with('"') ? value.substr(1, value.find('"', 1) - 1)
                                 : value.substr(0, value.find(';'));
  return value.empty() ? std::nullopt : std::optional(std::string(value));
}

std::optional<std::vector<PartView>> parse(std::string_view body, const std::string& boundary) {
  const std::string first = "--" + boundary;
  const std::string next = "\r\n--" + boundary;
  if (!body.starts_with(first)) {
    return std::nullopt;
  }
  body.remove_prefix(first.size());
  std::vector<PartView> parts;
  while (body.starts_with(line_end)) {
    body.remove_prefix(line_end.size());
    const auto end = body.find(next);
    const auto part =
        end == std::string_view::npos ? std::nullopt : parse_part(body.substr(0, end));
    if (!part) {
      return std::nullopt;
    }
    parts.push_back(*part);
    body.remove_prefix(end + next.size());
  }
  return body.starts_with("--") ? std::optional(std::move(parts)) : std::nullopt;
}

}  // namespace charm::pebble::multipart
