// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/last_words.hpp"

#include <iterator>

namespace charm::pebble {

/// Such a program dies with its error followed by the call stack: the name of each function and
/// below it, behind a tab, its place.
std::string last_words(const std::vector<LogEntry>& entries) {
  std::string words;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    const bool is_function = next != entries.end() && next->message.starts_with('\t');
    const bool is_stack =
        is_function || entry->message.starts_with('\t') || entry->message.starts_with("goroutine ");
    words = is_stack || entry->message.empty() ? words : entry->message;
  }
  return words;
}

}  // namespace charm::pebble
