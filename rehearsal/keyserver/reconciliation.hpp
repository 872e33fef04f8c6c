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
// Hockeypuck samples a polynomial at each node of its prefix tree to find a few differences between
// large sets. A few thousand keys do not need that. As a server, this program requests the whole
// tree, which a client must answer at any node. As a client, it answers every polynomial with
// "cannot solve". The server then descends to the leaves of its tree and sends their digests.

/// The parts of the keyserver that a reconciliation uses.
struct ReconContext {
  const Configuration& configuration;
  PrefixTree& tree;
  Partners& partners;
  Recovery& recovery;
  Metrics& metrics;
  Log& log;
};

/// Reconciles over a connection of the peer, and then fetches the missing keys. Never throws: the
/// log, the metrics and the partner's state have the result. The tree is mutated after that.
void serve_peer(ReconConnection& connection, const Peer& peer, std::uint16_t peer_port,
                const ReconContext& context);

/// Connects to a partner, reconciles and fetches the missing keys. Never throws either.
void visit_partner(const Peer& partner, const StopSignal& stop, const ReconContext& context);

/// Visits one partner in each gossip interval, drawn by weight. Mutates the tree after each visit,
/// even if there is no partner.
class Gossip {
 public:
  /// Starts with a wait.
  explicit Gossip(const ReconContext& context);

  Gossip(const Gossip&) = delete;
  Gossip& operator=(const Gossip&) = delete;
  /// Aborts a visit, and waits for the end of a running recovery.
  ~Gossip();

 private:
  void run();

  ReconContext context_;
  std::mt19937 random_{std::random_device()()};
  StopSignal stop_;
  std::thread thread_;
};

/// Listens on the reconciliation port, and reconciles with every allowed caller.
class ReconPort {
 public:
  /// Throws std::runtime_error if the address is in use.
  ReconPort(const ListenAddress& address, const ReconContext& context);

  ReconPort(const ReconPort&) = delete;
  ReconPort& operator=(const ReconPort&) = delete;
  /// Closes the connections of all callers.
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
