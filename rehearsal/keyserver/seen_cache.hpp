// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>

namespace rehearsal::keyserver {

/// The digests that were fetched last, so that a key this server does not keep is not fetched at
/// every gossip.
class SeenCache {
 public:
  /// The least recently used digest gives way to a new one; 0 keeps none.
  explicit SeenCache(std::size_t limit) : limit_(limit) {}

  std::size_t size() const { return digests_.size(); }

  /// Using it counts.
  bool contains(const std::string& digest) {
    const auto found = std::ranges::find(digests_, digest);
    if (found == digests_.end()) {
      return false;
    }
    digests_.splice(digests_.end(), digests_, found);
    return true;
  }

  void add(const std::string& digest) {
    if (!contains(digest)) {
      digests_.push_back(digest);
    }
    if (digests_.size() > limit_) {
      digests_.pop_front();
    }
  }

 private:
  std::size_t limit_;
  std::list<std::string> digests_;
};

}  // namespace rehearsal::keyserver
