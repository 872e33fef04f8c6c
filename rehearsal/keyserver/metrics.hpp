// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The metrics of Hockeypuck 2.3 that the charm, its rules and dashboards use, without those of the
/// Go runtime. They count from the start. Metrics of reconciliation appear with their first event,
/// and an IP address identifies a peer. Safe to use from several threads.
class Metrics {
 public:
  Metrics();

  /// `change` is "added", "ignored", "removed", "removed_jitter" or "updated".
  void count_key(const std::string& change);
  void observe_request(const std::string& method, int status, double seconds);

  /// `role` is "client" if this server connected to the peer, "server" if the peer connected.
  void note_recon_start(const std::string& peer, const std::string& role);
  /// `event` is "success" or "failure".
  void note_recon_end(const std::string& event, const std::string& peer, const std::string& role,
                      double seconds);
  void count_recovered(const std::string& peer, std::size_t keys);

  /// Returns the metrics in the Prometheus text format.
  std::string text() const;

 private:
  struct Family {
    std::string type = {};
    /// Samples by suffix and labels as in the text: `_sum{method="GET"}`.
    std::map<std::string, double> samples = {};
  };

  void add(const std::string& family, const std::string& type, const std::string& sample,
           double value);
  /// Adds a value to a histogram; `bounds` do not include infinity.
  void observe(const std::string& family, const std::string& labels,
               const std::vector<double>& bounds, double value);
  void note_recon(const std::string& event, const std::string& peer, const std::string& role);

  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;
};

}  // namespace rehearsal::keyserver
