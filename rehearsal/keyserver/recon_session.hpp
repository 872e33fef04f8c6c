// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/recon_configuration.hpp"
#include "rehearsal/keyserver/recon_connection.hpp"
#include "rehearsal/keyserver/recon_metrics.hpp"
#include "rehearsal/keyserver/recovery.hpp"

namespace rehearsal::keyserver {

/// Everything one reconciliation needs, whoever began it.
struct ReconContext {
  const Configuration& configuration;
  PrefixTree& tree;
  Partners& partners;
  Recovery& recovery;
  ReconMetrics& metrics;
  Log& log;
};

/// Reconciles over a connection the peer has made, then fetches what is lacking. Never throws: the
/// outcome is in the log, the metrics and the partner's state. The tree is mutated afterwards.
void serve_peer(ReconConnection& connection, const Peer& peer, std::uint16_t peer_port,
                const ReconContext& context);

/// Connects to a partner, reconciles and fetches what is lacking. Never throws either.
void visit_partner(const Peer& partner, const StopSignal& stop, const ReconContext& context);

}  // namespace rehearsal::keyserver
