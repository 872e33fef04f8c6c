// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <random>
#include <stdexcept>

#include <strings.h>

namespace rehearsal::pebble {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char character) {
    return static_cast<char>(std::tolower(character));
  });
  return result;
}

/// Takes a quoted string from the front of `text`; only quotes and backslashes are escaped.
std::string take_quoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const bool escape = text.size() > 1 && text[0] == '\\' && (text[1] == '"' || text[1] == '\\');
    text.remove_prefix(escape ? 1 : 0);
    value += text.front();
    text.remove_prefix(1);
  }
  text.remove_prefix(std::min<std::size_t>(1, text.size()));
  return value;
}

std::string take_value(std::string_view& text) {
  if (text.starts_with('"')) {
    return take_quoted(text);
  }
  const std::size_t end = std::min(text.find(';'), text.size());
  const std::string value(trimmed(text.substr(0, end)));
  text.remove_prefix(end);
  return value;
}

/// The head of a part up to its blank line, whose Content-Disposition fills in `part`.
bool take_head(std::string_view& rest, Part& part) {
  constexpr std::string_view field = "content-disposition:";
  while (true) {
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) {
      return false;
    }
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.empty()) {
      return true;
    }
    if (strncasecmp(line.data(), field.data(), std::min(field.size(), line.size())) == 0) {
      auto value = parse_media_value(line.substr(field.size()));
      part.name = value ? value->parameters["name"] : "";
      part.filename = value ? value->parameters["filename"] : "";
    }
  }
}

}  // namespace

std::optional<MediaValue> parse_media_value(std::string_view text) {
  const std::size_t semicolon = std::min(text.find(';'), text.size());
  MediaValue value{lower(trimmed(text.substr(0, semicolon))), {}};
  text.remove_prefix(semicolon);
  while (text.starts_with(';')) {
    text = trimmed(text.substr(1));
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      break;
    }
    const std::string name = lower(trimmed(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    value.parameters[name] = take_value(text);
    text = trimmed(text);
  }
  return value.type.empty() ? std::nullopt : std::optional(value);
}

MultipartReader::MultipartReader(std::string_view body, const std::string& boundary)
    : rest_(body), delimiter_("\r\n--" + boundary) {}

bool MultipartReader::take_delimiter() {
  // The first delimiter may stand at the very beginning.
  const std::string_view at_start = std::string_view(delimiter_).substr(2);
  if (rest_.starts_with(at_start)) {
    rest_.remove_prefix(at_start.size());
    return true;
  }
  const std::size_t found = rest_.find(delimiter_);
  if (found == std::string_view::npos) {
    return false;
  }
  rest_.remove_prefix(found + delimiter_.size());
  return true;
}

std::optional<Part> MultipartReader::next() {
  if (truncated_ || !take_delimiter()) {
    throw std::invalid_argument("multipart: NextPart: EOF");
  }
  if (rest_.starts_with("--")) {
    return std::nullopt;
  }
  Part part;
  if (!rest_.starts_with("\r\n")) {
    throw std::invalid_argument("multipart: expecting a new Part; got line " +
                                std::string(rest_.substr(0, rest_.find('\n'))));
  }
  rest_.remove_prefix(2);
  if (!take_head(rest_, part)) {
    throw std::invalid_argument("multipart: NextPart: EOF");
  }
  // An empty part has its delimiter right after the blank line, whose line break is the
  // delimiter's own.
  const std::string_view at_start = std::string_view(delimiter_).substr(2);
  const std::size_t end = rest_.starts_with(at_start) ? 0 : rest_.find(delimiter_);
  truncated_ = end == std::string_view::npos;
  part.complete = !truncated_;
  part.content = rest_.substr(0, end);
  rest_.remove_prefix(part.content.size());
  return part;
}

std::string random_boundary() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> digit(0, digits.size() - 1);
  std::string boundary(60, ' ');
  std::generate(boundary.begin(), boundary.end(), [&] { return digits[digit(random)]; });
  return boundary;
}

std::string part_head(const std::string& boundary, bool first, const std::string& disposition,
                      const std::string& content_type) {
  return (first ? "--" : "\r\n--") + boundary + "\r\nContent-Disposition: " + disposition +
         "\r\nContent-Type: " + content_type + "\r\n\r\n";
}

std::string disposition_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      result += '\\';
    }
    result += character;
  }
  return result + "\"";
}

}  // namespace rehearsal::pebble
