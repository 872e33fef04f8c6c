// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/log_store.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace rehearsal::loki {
namespace {

using nlohmann::json;

constexpr std::size_t most_entries = 100'000;

/// Loki's default limit for the labels of one stream.
constexpr std::size_t most_labels = 15;

Labels labels_of(const json& stream) {
  auto labels = stream.at("stream").get<Labels>();
  if (labels.empty()) {
    throw PushError("error at least one label pair is required per stream");
  }
  if (labels.size() > most_labels) {
    throw PushError("stream has " + std::to_string(labels.size()) + " label names; limit " +
                    std::to_string(most_labels));
  }
  return labels;
}

Entry entry_of(const json& value) {
  const auto& time = value.at(0).get_ref<const std::string&>();
  Entry entry{.line = value.at(1).get<std::string>()};
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), entry.time);
  if (error != std::errc{} || end != time.data() + time.size()) {
    throw PushError("couldn't parse push request: invalid timestamp " + time);
  }
  return entry;
}

}  // namespace

void LogStore::add(const Stream& pushed) {
  const std::lock_guard lock(mutex_);
  std::set<Entry>& entries = streams_[pushed.labels];
  for (const Entry& entry : pushed.entries) {
    entries.insert(entry);
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

std::vector<Stream> parse_push(const std::string& body) {
  try {
    std::vector<Stream> streams;
    const json document = json::parse(body);
    for (const json& pushed : document.at("streams")) {
      Stream stream{.labels = labels_of(pushed)};
      for (const json& value : pushed.at("values")) {
        stream.entries.push_back(entry_of(value));
      }
      streams.push_back(std::move(stream));
    }
    return streams;
  } catch (const json::exception& error) {
    throw PushError(std::string("couldn't parse push request: ") + error.what());
  }
}

json query_answer(const std::vector<Stream>& streams) {
  json result = json::array();
  for (const Stream& stream : streams) {
    json values = json::array();
    for (const Entry& entry : stream.entries) {
      values.push_back(json::array({std::to_string(entry.time), entry.line}));
    }
    result.push_back({{"stream", stream.labels}, {"values", std::move(values)}});
  }
  return {{"status", "success"},
          {"data", {{"resultType", "streams"}, {"result", std::move(result)}}}};
}

}  // namespace rehearsal::loki
