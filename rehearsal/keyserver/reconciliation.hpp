// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/recon_configuration.hpp"
#include "rehearsal/keyserver/recon_connection.hpp"
#include "rehearsal/keyserver/recon_log.hpp"
#include "rehearsal/keyserver/recon_message.hpp"

namespace rehearsal::keyserver {

// The SKS reconciliation protocol between two peers, as conflux of Hockeypuck 2.3 speaks it. All
// functions throw std::runtime_error when the peer hangs up or does not keep to the protocol.
//
// Hockeypuck finds a few differences between large sets by sampling a polynomial at each node of
// its prefix tree. None of that is needed for some thousand keys: as a server we ask for the whole
// tree at once, which a client must answer at any node; as a client we answer every polynomial with
// "cannot solve", whereupon a server goes down its tree to the leaves and sends their digests.

/// Exchanges configurations and returns the peer's. Throws std::runtime_error, and says so in the
/// log, when they do not fit: "cannot peer: …".
ReconConfiguration greet(ReconConnection& connection, const ReconConfiguration& own,
                         const ReconLog& log);

/// The part of the server, to whom the peer has connected. Returns the digests that the peer has
/// and we do not; the peer learns likewise.
Digests reconcile_as_server(ReconConnection& connection, const Digests& own);

/// The part of the client, who has connected to the peer.
Digests reconcile_as_client(ReconConnection& connection, const Digests& own);

}  // namespace rehearsal::keyserver
