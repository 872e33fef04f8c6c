// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/recon_log.hpp"
#include "rehearsal/keyserver/recon_message.hpp"
#include "rehearsal/keyserver/recon_metrics.hpp"
#include "rehearsal/keyserver/seen_cache.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// Fetches from a peer the keys that were found to be lacking and stores them. Safe to use from
/// several threads.
class Recovery {
 public:
  /// `user_agent` is how this server introduces itself.
  Recovery(Keyserver& keyserver, Partners& partners, ReconMetrics& metrics,
           std::int64_t seen_cache_size, std::string user_agent)
      : keyserver_(keyserver),
        partners_(partners),
        metrics_(metrics),
        seen_(static_cast<std::size_t>(seen_cache_size)),
        user_agent_(std::move(user_agent)) {}

  /// Does nothing while another recovery is under way: what is lacking then is found again at the
  /// next gossip. Never throws: what goes wrong is in the log and noted for the partner. `port` is
  /// the one the peer announced.
  void recover(const Digests& lacking, const Peer& peer, std::uint16_t port, const ReconLog& log);

 private:
  std::vector<std::string> unseen(const Digests& lacking, const ReconLog& log);
  void request(const std::vector<std::string>& digests, const std::string& host, std::uint16_t port,
               const ReconLog& log);
  std::vector<std::string> fetch(const std::vector<std::string>& digests, const std::string& host,
                                 std::uint16_t port) const;

  Keyserver& keyserver_;
  Partners& partners_;
  ReconMetrics& metrics_;
  std::mutex mutex_;
  SeenCache seen_;
  std::string user_agent_;
};

}  // namespace rehearsal::keyserver
