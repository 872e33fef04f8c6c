// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/file_handle.hpp"
#include "rehearsal/pebble/go_text.hpp"

#include <stdexcept>
#include <string>

namespace rehearsal::pebble {

/// A connection that could not be made, with the message of Go's net package.
struct DialError : std::runtime_error {
  DialError(const std::string& message, bool after_timeout)
      : std::runtime_error(message), timed_out(after_timeout) {}

  bool timed_out;
};

/// Connects to a host, trying all its addresses; throws DialError for the first that failed.
FileHandle dial_tcp(const std::string& host, const std::string& port, Duration timeout);

}  // namespace rehearsal::pebble
