// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "last_words.hpp"

#include "charm/domain/prefix_tree.hpp"

#include <iterator>

namespace charm {

namespace {

constexpr int inspected_log_lines = 50;

}  // namespace

/// A Go program dies with its error followed by the call stack: the name of each function and below
/// it, behind a tab, its place.
std::string last_words(std::string_view service, std::int64_t after, const World& world) {
  const auto entries = world.pebble.logs({std::string(service)}, inspected_log_lines);
  std::string words;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    const bool is_function = next != entries.end() && next->message.starts_with('\t');
    const bool is_stack =
        is_function || entry->message.starts_with('\t') || entry->message.starts_with("goroutine ");
    const bool counts =
        !is_stack && !entry->message.empty() && prefix_tree::is_after(entry->time, after);
    words = counts ? entry->message : words;
  }
  return words;
}

}  // namespace charm
