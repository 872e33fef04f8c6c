// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/recon_message.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The digests that were fetched last, so that a key that this server does not keep is not fetched
/// at every gossip.
class SeenCache {
 public:
  /// A new digest replaces the least recently used one; 0 keeps none.
  explicit SeenCache(std::size_t limit) : limit_(limit) {}

  std::size_t size() const { return digests_.size(); }

  /// Counts as a use.
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

/// Fetches the missing keys from a peer and stores them. Safe to use from several threads.
class Recovery {
 public:
  Recovery(Keyserver& keyserver, Partners& partners, Metrics& metrics, std::int64_t seen_cache_size)
      : keyserver_(keyserver),
        partners_(partners),
        metrics_(metrics),
        seen_(static_cast<std::size_t>(seen_cache_size)) {}

  /// Does nothing during another recovery: the next gossip finds the same keys missing. Never
  /// throws: the log has errors, and so has the partner's state. `port` is the one that the peer
  /// announced.
  void recover(const Digests& lacking, const Peer& peer, std::uint16_t port, const ReconLog& log);

 private:
  std::vector<std::string> unseen(const Digests& lacking, const ReconLog& log);
  void request(const std::vector<std::string>& digests, const std::string& host, std::uint16_t port,
               const ReconLog& log);
  static std::vector<std::string> fetch(const std::vector<std::string>& digests,
                                        const std::string& host, std::uint16_t port);

  Keyserver& keyserver_;
  Partners& partners_;
  Metrics& metrics_;
  std::mutex mutex_;
  SeenCache seen_;
};

}  // namespace rehearsal::keyserver
