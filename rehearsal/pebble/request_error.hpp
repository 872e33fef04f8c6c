// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace rehearsal::pebble {

/// A request the agent refuses: the HTTP status, the message and, where the Pebble API names one,
/// the `kind` of the error object.
struct RequestError : std::runtime_error {
  RequestError(int http_status, const std::string& message, std::string error_kind = {})
      : std::runtime_error(message), status(http_status), kind(std::move(error_kind)) {}

  int status;
  std::string kind;
};

[[noreturn]] inline void bad_request(const std::string& message) {
  throw RequestError(400, message);
}

[[noreturn]] inline void not_found(const std::string& message) {
  throw RequestError(404, message);
}

/// What Pebble can do and this agent does not pretend to.
[[noreturn]] inline void not_supported(const std::string& what) {
  throw RequestError(400, "not supported by the rehearsal's agent: " + what);
}

}  // namespace rehearsal::pebble
