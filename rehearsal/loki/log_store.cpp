// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/log_store.hpp"

#include <algorithm>

namespace rehearsal::loki {
namespace {

constexpr std::size_t most_entries = 100'000;

}  // namespace

void LogStore::add(const Stream& pushed) {
  const std::lock_guard lock(mutex_);
  std::set<Entry>& entries = streams_[pushed.labels];
  for (const Entry& entry : pushed.entries) {
    ++(entries.insert(entry).second ? statistics_.lines : statistics_.duplicates);
    if (entries.size() > most_entries) {
      entries.erase(entries.begin());
    }
  }
}

std::vector<Stream> LogStore::select(const LogQuery& query, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<Stream> found;
  for (const auto& [labels, entries] : streams_) {
    if (!query.takes(labels)) {
      continue;
    }
    Stream stream{.labels = labels};
    std::ranges::copy_if(entries, std::back_inserter(stream.entries),
                         [&query](const Entry& entry) { return query.takes(entry.line); });
    const auto surplus = stream.entries.size() - std::min(limit, stream.entries.size());
    stream.entries.erase(stream.entries.begin(),
                         stream.entries.begin() + static_cast<std::ptrdiff_t>(surplus));
    if (!stream.entries.empty()) {
      found.push_back(std::move(stream));
    }
  }
  return found;
}

Statistics LogStore::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace rehearsal::loki
