// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "last_words.hpp"

#include "charm/domain/prefix_tree.hpp"
#include "charm/pebble/client.hpp"

#include <vector>

namespace charm {

namespace {

constexpr int inspected_log_lines = 50;

}  // namespace

std::string last_words(std::string_view service, std::int64_t after, const World& world) {
  auto entries = world.pebble.logs({std::string(service)}, inspected_log_lines);
  std::erase_if(entries, [after](const pebble::LogEntry& entry) {
    return !prefix_tree::is_after(entry.time, after);
  });
  return pebble::last_words(entries);
}

}  // namespace charm
