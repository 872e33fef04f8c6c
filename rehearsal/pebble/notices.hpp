// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"
#include "rehearsal/pebble/state_lock.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pebble {

/// All occurrences of one event: those with the same user, type and key.
struct Notice {
  std::string id;
  /// Who may see it; none means everybody.
  std::optional<uid_t> user;
  std::string type;
  std::string key;
  SystemTime first_occurred;
  SystemTime last_occurred;
  SystemTime last_repeated;
  int occurrences = 0;
  TextMap last_data;
  Duration repeat_after{0};
};

/// What a request wants to see; an empty member selects everything.
struct NoticeFilter {
  std::optional<uid_t> user;
  std::vector<std::string> types;
  std::vector<std::string> keys;
  std::optional<SystemTime> after;
};

/// The agent's notices. Every function expects the lock to be held.
class Notices {
 public:
  explicit Notices(StateLock& lock) : lock_(lock) {}

  /// Records an occurrence and returns the notice's id.
  std::string add(std::optional<uid_t> user, const std::string& type, const std::string& key,
                  const TextMap& data, Duration repeat_after = Duration(0));

  /// The notices selected, in the order of their last repetition.
  std::vector<Notice> select(const NoticeFilter& filter) const;

  std::optional<Notice> find(const std::string& id) const;

 private:
  using Key = std::tuple<std::optional<uid_t>, std::string, std::string>;

  StateLock& lock_;
  std::map<Key, Notice> notices_;
  int last_id_ = 0;
};

}  // namespace rehearsal::pebble
