// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rehearsal::pebble {

/// A request that is refused: the HTTP status, the message and, where Pebble's API names one, the
/// `kind` of the error.
struct Refusal : std::runtime_error {
  Refusal(int http_status, const std::string& message, std::string error_kind = {})
      : std::runtime_error(message), status(http_status), kind(std::move(error_kind)) {}

  int status;
  std::string kind;
};

[[noreturn]] inline void bad_request(const std::string& message) {
  throw Refusal(400, message);
}

/// For what Pebble can do, and no charm of the rehearsal asks for.
[[noreturn]] inline void not_supported(const std::string& what) {
  bad_request("not supported by the stand-in for Pebble: " + what);
}

/// A name as error messages show it.
inline std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    result += character == '"' || character == '\\' ? "\\" : "";
    result += character;
  }
  return result + "\"";
}

}  // namespace rehearsal::pebble
