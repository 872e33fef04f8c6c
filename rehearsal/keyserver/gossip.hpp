// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/reconciliation.hpp"

#include <future>
#include <random>
#include <thread>
#include <vector>

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

/// Listens on the reconciliation port, and reconciles with every caller that may.
class ReconPort {
 public:
  /// Throws std::runtime_error when the address is not free.
  ReconPort(const ListenAddress& address, const ReconContext& context);

  ReconPort(const ReconPort&) = delete;
  ReconPort& operator=(const ReconPort&) = delete;
  /// Hangs up on all callers.
  ~ReconPort();

 private:
  void accept_all();
  void receive(int socket, const IpAddress& address, std::uint16_t port);

  ReconContext context_;
  StopSignal stop_;
  int listener_;
  std::vector<std::future<void>> callers_;
  std::thread thread_;
};

}  // namespace rehearsal::keyserver
