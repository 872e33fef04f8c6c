// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/notices.hpp"

#include <algorithm>

namespace rehearsal::pebble {
namespace {

bool selects(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool matches(const NoticeFilter& filter, const Notice& notice) {
  const bool visible = !filter.user || !notice.user || *filter.user == *notice.user;
  return visible && selects(filter.types, notice.type) && selects(filter.keys, notice.key) &&
         (!filter.after || notice.last_repeated > *filter.after);
}

}  // namespace

std::string Notices::add(std::optional<uid_t> user, const std::string& type, const std::string& key,
                         const TextMap& data, Duration repeat_after) {
  const SystemTime time = now();
  Notice& notice = notices_[Key(user, type, key)];
  const bool is_new = notice.occurrences == 0;
  if (is_new) {
    notice.id = std::to_string(++last_id_);
    notice.user = user;
    notice.type = type;
    notice.key = key;
    notice.first_occurred = time;
  }
  ++notice.occurrences;
  if (is_new || repeat_after.count() == 0 || time > notice.last_repeated + repeat_after) {
    notice.last_repeated = time;
    lock_.changed.notify_all();
  }
  notice.last_occurred = time;
  notice.last_data = data;
  notice.repeat_after = repeat_after;
  return notice.id;
}

std::vector<Notice> Notices::select(const NoticeFilter& filter) const {
  std::vector<Notice> selected;
  for (const auto& [key, notice] : notices_) {
    if (matches(filter, notice)) {
      selected.push_back(notice);
    }
  }
  std::stable_sort(selected.begin(), selected.end(), [](const Notice& left, const Notice& right) {
    return left.last_repeated < right.last_repeated;
  });
  return selected;
}

std::optional<Notice> Notices::find(const std::string& id) const {
  for (const auto& [key, notice] : notices_) {
    if (notice.id == id) {
      return notice;
    }
  }
  return std::nullopt;
}

}  // namespace rehearsal::pebble
