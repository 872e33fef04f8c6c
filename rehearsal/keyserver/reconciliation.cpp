// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/reconciliation.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <iterator>
#include <stdexcept>

namespace rehearsal::keyserver {
namespace {

constexpr const char* passed_answer = "passed";
constexpr const char* failed = "failed";

Digests difference(const Digests& from, const Digests& without) {
  Digests result;
  std::ranges::set_difference(from, without, std::inserter(result, result.end()));
  return result;
}

[[noreturn]] void refuse(ReconConnection& connection, const Mismatch& mismatch,
                         const ReconLog& log) {
  log.error(mismatch.message, {{"local" + mismatch.field, mismatch.local},
                               {"remote" + mismatch.field, mismatch.remote}});
  try {
    connection.send(serialize_text(failed) + serialize_text(mismatch.reason));
  } catch (const std::runtime_error&) {
    // The peer has found the same, said so and hung up.
  }
  throw std::runtime_error("cannot peer: " + mismatch.reason);
}

[[noreturn]] void fail_on(const ReconMessage& message) {
  throw std::runtime_error("unexpected message code: " +
                           std::to_string(static_cast<int>(message.type)));
}

Digests below(const TreePath& node, const Digests& digests) {
  Digests result;
  std::ranges::copy_if(digests, std::inserter(result, result.end()),
                       [&node](const std::string& digest) { return node.leads_to(digest); });
  return result;
}

/// A client's side of a reconciliation under way.
class ClientSide {
 public:
  explicit ClientSide(const Digests& own) : own_(own) {}

  /// Answers are held back until the server asks for them by `flush`.
  void take(const ReconMessage& message, ReconConnection& connection) {
    switch (message.type) {
      case ReconMessageType::request_poly:
        answers_ += serialize(ReconMessage{.type = ReconMessageType::sync_fail});
        break;
      case ReconMessageType::request_full:
        compare(parse_full_request(message.body));
        break;
      case ReconMessageType::elements:
        lacking_.merge(parse_digests(message.body));
        break;
      case ReconMessageType::flush:
        connection.send(answers_);
        answers_.clear();
        break;
      default:
        fail_on(message);
    }
  }

  const Digests& lacking() const { return lacking_; }

 private:
  void compare(const FullRequest& request) {
    const Digests local = below(request.node, own_);
    lacking_.merge(difference(request.digests, local));
    answers_ += serialize(ReconMessage{.type = ReconMessageType::elements,
                                       .body = serialize(difference(local, request.digests))});
  }

  const Digests& own_;
  Digests lacking_;
  std::string answers_;
};

/// Exchanges configurations and returns the peer's. Throws std::runtime_error, with a line in the
/// log, when they do not fit: "cannot peer: …".
ReconConfiguration greet(ReconConnection& connection, const ReconConfiguration& own,
                         const ReconLog& log) {
  connection.send(
      serialize(ReconMessage{.type = ReconMessageType::configuration, .body = serialize(own)}));
  const ReconMessage message = connection.receive_message();
  if (message.type != ReconMessageType::configuration) {
    fail_on(message);
  }
  ReconConfiguration remote = parse_recon_configuration(message.body);
  if (const std::optional<Mismatch> mismatch = mismatch_of(own, remote)) {
    refuse(connection, *mismatch, log);
  }
  connection.send(serialize_text(passed_answer));
  if (connection.receive_text() != passed_answer) {
    throw std::runtime_error(connection.receive_text() + ": remote rejected configuration");
  }
  return remote;
}

/// The part of the server, to whom the peer has connected. Returns the digests that the peer has
/// and we do not; the peer learns likewise.
Digests reconcile_as_server(ReconConnection& connection, const Digests& own) {
  const FullRequest whole_tree{.digests = own};
  connection.send(serialize(ReconMessage{.type = ReconMessageType::request_full,
                                         .body = serialize(whole_tree)}) +
                  serialize(ReconMessage{.type = ReconMessageType::flush}));
  const ReconMessage answer = connection.receive_message();
  if (answer.type != ReconMessageType::elements) {
    fail_on(answer);
  }
  connection.send(serialize(ReconMessage{.type = ReconMessageType::done}));
  return difference(parse_digests(answer.body), own);
}

/// The part of the client, who has connected to the peer.
Digests reconcile_as_client(ReconConnection& connection, const Digests& own) {
  ClientSide side(own);
  for (;;) {
    const ReconMessage message = connection.receive_message();
    if (message.type == ReconMessageType::done) {
      return side.lacking();
    }
    side.take(message, connection);
  }
}

/// Runs a reconciliation and keeps the books. Returns the error, empty after a success.
std::string observed(const std::string& peer, const std::string& role, Metrics& metrics,
                     const std::function<void()>& reconcile) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  metrics.note_recon_start(peer, role);
  try {
    reconcile();
    metrics.note_recon_end("success", peer, role, seconds());
    return "";
  } catch (const std::exception& error) {
    metrics.note_recon_end("failure", peer, role, seconds());
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
