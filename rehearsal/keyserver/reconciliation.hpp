// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/recon_connection.hpp"
#include "rehearsal/keyserver/recovery.hpp"

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

}  // namespace rehearsal::keyserver
