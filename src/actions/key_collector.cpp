// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_collector.hpp"

#include "key_upload.hpp"
#include "workload_files.hpp"

namespace charm::actions {
namespace {

/// Half a minute of uploads.
constexpr std::size_t most_held_keys = 2000;
constexpr std::size_t most_held_octets = 32UL << 20U;
/// As many as hockeypuck-dump writes into a file.
constexpr std::size_t most_keys_in_file = 15000;

}  // namespace

KeyCollector::KeyCollector(const ActionContext& context)
    : context_(context),
      fresh_(context, "fresh", most_keys_in_file),
      known_(context, "known", keys_in_request) {}

void KeyCollector::take(const SortedKeys& keys) {
  for (const auto* entries : {&keys.fresh, &keys.known}) {
    const bool known = entries == &keys.known;
    for (const SortedKeys::Entry& entry : *entries) {
      if (small_) {
        held_.push_back({.key = entry.key, .packets = std::string(entry.packets), .known = known});
        octets_ += entry.packets.size();
        if (held_.size() > most_held_keys || octets_ > most_held_octets) {
          begin_staging();
        }
      } else {
        stage_some(entry.key, entry.packets, known);
      }
    }
  }
}

void KeyCollector::take_original(const std::string& path, const SortedKeys& keys) {
  begin_staging();
  std::vector<OfferedKey> offered;
  for (const SortedKeys::Entry& entry : keys.fresh) {
    offered.push_back(entry.key);
  }
  fresh_.add_original(path, offered);
}

LoadJob KeyCollector::stage() {
  begin_staging();
  return {.fresh = fresh_.finish(), .known = known_.finish()};
}

void KeyCollector::begin_staging() {
  if (!small_) {
    return;
  }
  small_ = false;
  with_pebble("cannot make a directory for the load",
              [&] { context_.pebble.make_directories(context_.key_load().directories); });
  for (const Held& held : held_) {
    stage_some(held.key, held.packets, held.known);
  }
  held_.clear();
}

void KeyCollector::stage_some(const OfferedKey& key, std::string_view packets, bool known) {
  (known ? known_ : fresh_).add(key, packets);
}

}  // namespace charm::actions
