// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/listen_address.hpp"
#include "rehearsal/keyserver/recon_session.hpp"
#include "rehearsal/keyserver/stop_signal.hpp"

#include <future>
#include <thread>
#include <vector>

namespace rehearsal::keyserver {

/// Listens on the reconciliation port, and reconciles with every caller who may.
class ReconPort {
 public:
  /// Throws std::runtime_error when the address cannot be had.
  ReconPort(const ListenAddress& address, const ReconContext& context);

  ReconPort(const ReconPort&) = delete;
  ReconPort& operator=(const ReconPort&) = delete;
  /// Hangs up on everybody.
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
