// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::pebble {

/// A header value like `form-data; name="files"; filename="/a"`.
struct MediaValue {
  std::string type;
  std::map<std::string, std::string> parameters;
};

/// None where the value is not one.
std::optional<MediaValue> parse_media_value(std::string_view text);

struct Part {
  /// From its Content-Disposition.
  std::string name;
  std::string filename;
  std::string_view content;
  /// Whether its end was there.
  bool complete = true;
};

/// Reads a multipart/form-data body part by part.
class MultipartReader {
 public:
  MultipartReader(std::string_view body, const std::string& boundary);

  /// The next part, none after the last. Throws std::invalid_argument with the message of Go's
  /// mime/multipart where the body ends too early.
  std::optional<Part> next();

 private:
  bool take_delimiter();

  std::string_view rest_;
  std::string delimiter_;
  bool truncated_ = false;
};

/// A boundary of 60 hexadecimal digits, as Go makes them.
std::string random_boundary();

/// The header lines of a part.
std::string part_head(const std::string& boundary, bool first, const std::string& disposition,
                      const std::string& content_type);

/// The name in double quotes with backslash escapes, as it stands in a Content-Disposition.
std::string disposition_quoted(std::string_view text);

}  // namespace rehearsal::pebble
