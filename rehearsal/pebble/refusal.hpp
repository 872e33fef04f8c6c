// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rehearsal::pebble {

/// A refused request: the HTTP status, the message and, if Pebble's API has one, the `kind` of the
/// error.
struct Refusal : std::runtime_error {
  Refusal(int http_status, const std::string& message, std::string error_kind = {})
      : std::runtime_error(message), status(http_status), kind(std::move(error_kind)) {}

  int status;
  std::string kind;
};

[[noreturn]] inline void bad_request(const std::string& message) {
  throw Refusal(400, message);
}

/// For a feature of Pebble that no charm of the rehearsal needs.
[[noreturn]] inline void not_supported(const std::string& what) {
  bad_request("not supported by the stand-in for Pebble: " + what);
}

/// Returns a name in the form of error messages.
inline std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    result += character == '"' || character == '\\' ? "\\" : "";
    result += character;
  }
  return result + "\"";
}

}  // namespace rehearsal::pebble
