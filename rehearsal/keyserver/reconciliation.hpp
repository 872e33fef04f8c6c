// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/recon_connection.hpp"
#include "rehearsal/keyserver/recovery.hpp"

#include <future>
#include <random>
#include <thread>
#include <vector>

namespace rehearsal::keyserver {

// The SKS reconciliation protocol between two peers, as conflux of Hockeypuck 2.3 speaks it.
//
// Hockeypuck finds a few differences between large sets by sampling a polynomial at each node of
// its prefix tree. None of that is needed for some thousand keys: as a server we ask for the whole
// tree at once, which a client must answer at any node; as a client we answer every polynomial with
// "cannot solve", whereupon a server goes down its tree to the leaves and sends their digests.

/// The parts of the keyserver that a reconciliation uses.
struct ReconContext {
  const Configuration& configuration;
  PrefixTree& tree;
  Partners& partners;
  Recovery& recovery;
  Metrics& metrics;
  Log& log;
};

/// Reconciles over a connection the peer has made, then fetches what is lacking. Never throws: the
/// outcome is in the log, the metrics and the partner's state. The tree is mutated afterwards.
void serve_peer(ReconConnection& connection, const Peer& peer, std::uint16_t peer_port,
                const ReconContext& context);

/// Connects to a partner, reconciles and fetches what is lacking. Never throws either.
void visit_partner(const Peer& partner, const StopSignal& stop, const ReconContext& context);

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
