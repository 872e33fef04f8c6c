// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/agent_log.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <unistd.h>

namespace rehearsal::pebble {
namespace {

/// One write a line, so that lines of several threads do not mix. Nobody can be told of a failure.
void write_line(int file, const std::string& line) {
  [[maybe_unused]] const ssize_t written = write(file, line.data(), line.size());
}

}  // namespace

void note(const std::string& message) {
  write_line(STDERR_FILENO, format_time_milliseconds(now()) + " [pebble] " + message + "\n");
}

void print_output(const std::string& time, const std::string& service, const std::string& message) {
  write_line(STDOUT_FILENO, time + " [" + service + "] " + message + "\n");
}

}  // namespace rehearsal::pebble
