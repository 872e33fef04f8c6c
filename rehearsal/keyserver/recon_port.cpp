// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_port.hpp"

#include <cerrno>
#include <chrono>
#include <memory>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

/// The port is at the same place in IPv4 and IPv6 addresses.
std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

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
