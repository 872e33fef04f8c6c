// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/recon_session.hpp"
#include "rehearsal/keyserver/stop_signal.hpp"

#include <random>
#include <thread>

namespace rehearsal::keyserver {

/// Visits one partner after the other, drawn by weight, once in each gossip interval, and mutates
/// the tree after each, also when there is none to visit.
class Gossip {
 public:
  /// Starts with a wait.
  explicit Gossip(const ReconContext& context);

  Gossip(const Gossip&) = delete;
  Gossip& operator=(const Gossip&) = delete;
  /// Breaks off a visit; a recovery under way comes to its end.
  ~Gossip();

 private:
  void run();

  ReconContext context_;
  std::mt19937 random_{std::random_device()()};
  StopSignal stop_;
  std::thread thread_;
};

}  // namespace rehearsal::keyserver
