// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/gossip.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

/// Whole seconds from 90 % to 110 %, rounded down as Hockeypuck does: one second becomes none.
std::chrono::seconds skewed(std::int64_t interval, std::mt19937& random) {
  constexpr std::int64_t tenths = 10;
  constexpr std::int64_t least_tenths = 9;
  constexpr std::int64_t skew_tenths = 2;
  std::uniform_int_distribution<std::int64_t> skew(0, interval * skew_tenths / tenths);
  return std::chrono::seconds(interval * least_tenths / tenths + skew(random));
}

/// As Go prints a duration of whole seconds: "5s", "1m5s", "1h0m5s".
std::string duration_text(std::chrono::seconds duration) {
  constexpr std::int64_t sixty = 60;
  const std::int64_t seconds = duration.count();
  std::string text = std::to_string(seconds % sixty) + "s";
  if (seconds >= sixty) {
    text = std::to_string(seconds / sixty % sixty) + "m" + text;
  }
  return seconds >= sixty * sixty ? std::to_string(seconds / sixty / sixty) + "h" + text : text;
}

/// The port is at the same place in IPv4 and IPv6 addresses.
std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

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
  // Wakes the thread: accept() fails from now on.
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
      receive(caller, ip_address_of(*address), port_of(from));
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
