// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/reconciliation.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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
    // The peer has found the same differences, sent them and hung up.
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

/// The client's side of a current reconciliation.
class ClientSide {
 public:
  explicit ClientSide(const Digests& own) : own_(own) {}

  /// Collects answers until the server requests them with `flush`.
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

/// Exchanges configurations and returns the peer's. If they are not compatible, logs "cannot peer:
/// …" and throws std::runtime_error.
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

/// Acts as the server, to which the peer has connected. Returns the digests that the peer has and
/// this server does not. The peer learns the opposite.
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

/// Acts as the client, which has connected to the peer.
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

/// Runs a reconciliation and records its result. Returns the error, empty after a success.
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

/// Whole seconds from 90 % to 110 %, rounded down as Hockeypuck does: one second becomes none.
std::chrono::seconds skewed(std::int64_t interval, std::mt19937& random) {
  constexpr std::int64_t tenths = 10;
  constexpr std::int64_t least_tenths = 9;
  constexpr std::int64_t skew_tenths = 2;
  std::uniform_int_distribution<std::int64_t> skew(0, interval * skew_tenths / tenths);
  return std::chrono::seconds(interval * least_tenths / tenths + skew(random));
}

/// Returns Go's form of a duration of whole seconds: "5s", "1m5s", "1h0m5s".
std::string duration_text(std::chrono::seconds duration) {
  constexpr std::int64_t sixty = 60;
  const std::int64_t seconds = duration.count();
  std::string text = std::to_string(seconds % sixty) + "s";
  if (seconds >= sixty) {
    text = std::to_string(seconds / sixty % sixty) + "m" + text;
  }
  return seconds >= sixty * sixty ? std::to_string(seconds / sixty / sixty) + "h" + text : text;
}

/// IPv4 and IPv6 addresses have the port at the same position.
std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

void serve_peer(ReconConnection& connection, const Peer& peer, std::uint16_t peer_port,
                const ReconContext& context) {
  const std::string& own_address = context.configuration.recon_address;
  const std::string caller = endpoint_text(peer.address, peer_port);
  const ReconLog log(context.log, "serve", own_address);
  log.info("accepted recon from [" + peer.text + "]");
  const std::string failure = observed(peer.address, "server", context.metrics, [&] {
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
  const std::string failure = observed(partner.address, "client", context.metrics, [&] {
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

Gossip::Gossip(const ReconContext& context) : context_(context), thread_([this] { run(); }) {}

Gossip::~Gossip() {
  stop_.raise();
  thread_.join();
}

void Gossip::run() {
  const Configuration& configuration = context_.configuration;
  const ReconLog log(context_.log, "gossip", configuration.recon_address);
  std::chrono::seconds delay = skewed(configuration.gossip_interval_seconds, random_);
  while (stop_.sleep(delay)) {
    if (const std::optional<Peer> partner = context_.partners.draw(random_)) {
      visit_partner(*partner, stop_, context_);
    }
    context_.tree.mutate();
    delay = skewed(configuration.gossip_interval_seconds, random_);
    log.info("waiting " + duration_text(delay) + " for next gossip attempt");
  }
}

ReconPort::ReconPort(const ListenAddress& address, const ReconContext& context)
    : context_(context), listener_(open_listener(address)), thread_([this] { accept_all(); }) {}

ReconPort::~ReconPort() {
  stop_.raise();
  // Wakes the thread, because accept() fails from now on.
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  callers_.clear();
  close(listener_);
}

void ReconPort::accept_all() {
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    auto* const address = reinterpret_cast<sockaddr*>(&from);
    const int caller = accept4(listener_, address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (caller >= 0) {
      receive(caller, ip_address_of(*address, size), port_of(from));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void ReconPort::receive(int socket, const IpAddress& address, std::uint16_t port) {
  auto connection = std::make_unique<ReconConnection>(socket, stop_);
  const std::optional<Peer> peer = context_.partners.match(address);
  if (!peer) {
    context_.log.warning("connection rejected from \"" + endpoint_text(address, port) + "\"");
    return;
  }
  std::erase_if(callers_, [](const std::future<void>& caller) {
    return caller.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  });
  callers_.push_back(
      std::async(std::launch::async, [this, peer, port, connection = std::move(connection)] {
        serve_peer(*connection, *peer, port, context_);
      }));
}

}  // namespace rehearsal::keyserver
