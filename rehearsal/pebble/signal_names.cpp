// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/signal_names.hpp"

#include <csignal>

#include <string.h>

namespace rehearsal::pebble {

std::optional<int> signal_number(const std::string& name) {
  for (int number = 1; number < NSIG; ++number) {
    const char* abbreviation = sigabbrev_np(number);
    if (abbreviation != nullptr && name == std::string("SIG") + abbreviation) {
      return number;
    }
  }
  return std::nullopt;
}

}  // namespace rehearsal::pebble
