// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_session.hpp"

#include "rehearsal/keyserver/reconciliation.hpp"

#include <chrono>
#include <exception>
#include <functional>

namespace rehearsal::keyserver {
namespace {

/// Runs a reconciliation and keeps the books. Returns the error, empty after a success.
std::string observed(const std::string& peer, const std::string& role, ReconMetrics& metrics,
                     const std::function<void()>& reconcile) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  metrics.note_start(peer, role);
  try {
    reconcile();
    metrics.note_success(peer, role, seconds());
    return "";
  } catch (const std::exception& error) {
    metrics.note_failure(peer, role, seconds());
    return error.what();
  }
}

using Role = Digests (*)(ReconConnection&, const Digests&);

void reconcile(ReconConnection& connection, Role role, const Peer& peer,
               const ReconContext& context, const ReconLog& log) {
  const ReconConfiguration remote =
      greet(connection, recon_configuration(context.configuration), log);
  const Digests lacking = role(connection, context.tree.digests());
  log.info("reconciliation done");
  context.recovery.recover(lacking, peer, remote.http_port, log);
}

}  // namespace

void serve_peer(ReconConnection& connection, const Peer& peer, std::uint16_t peer_port,
                const ReconContext& context) {
  const std::string& own_address = context.configuration.recon_address;
  const std::string caller = endpoint_text(peer.address, peer_port);
  const ReconLog log(context.log, "serve", own_address);
  log.info("accepted recon from [" + peer.text + "]");
  const std::string failure = observed(peer.address.text(), "server", context.metrics, [&] {
    reconcile(connection, reconcile_as_server, peer, context,
              ReconLog(context.log, "serve", own_address, caller));
  });
  context.partners.note_incoming(peer.name, failure);
  context.tree.mutate();
  if (!failure.empty()) {
    log.error("recon with " + caller + " failed", {{"error", failure}});
  }
}

void visit_partner(const Peer& partner, const StopSignal& stop, const ReconContext& context) {
  const std::string& own_address = context.configuration.recon_address;
  const ReconLog log(context.log, "gossip", own_address);
  log.info("initiating recon to [" + partner.text + "]");
  const std::string failure = observed(partner.address.text(), "client", context.metrics, [&] {
    ReconConnection connection(partner.address, partner.port, stop);
    reconcile(
        connection, reconcile_as_client, partner, context,
        ReconLog(context.log, "gossip", own_address, endpoint_text(partner.address, partner.port)));
  });
  context.partners.note_outgoing(partner.name, failure);
  if (!failure.empty()) {
    log.error("recon with " + partner.text + " failed", {{"error", failure}});
  }
}

}  // namespace rehearsal::keyserver
