// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_port.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace rehearsal::keyserver {

ReconPort::ReconPort(const ListenAddress& address)
    : listener_(open_listener(address)), thread_([this] { accept_all(); }) {}

ReconPort::~ReconPort() {
  // Wakes the thread: accept() fails from now on.
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void ReconPort::accept_all() const {
  for (;;) {
    const int caller = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (caller >= 0) {
      close(caller);
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

}  // namespace rehearsal::keyserver
