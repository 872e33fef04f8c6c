// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/listen_address.hpp"

#include <thread>

namespace rehearsal::keyserver {

/// Listens on the reconciliation port and hangs up on every caller: what a liveness check of the
/// port needs. It does not reconcile.
class ReconPort {
 public:
  /// Throws std::runtime_error when the address cannot be had.
  explicit ReconPort(const ListenAddress& address);

  ReconPort(const ReconPort&) = delete;
  ReconPort& operator=(const ReconPort&) = delete;
  ~ReconPort();

 private:
  void accept_all() const;

  int listener_;
  std::thread thread_;
};

}  // namespace rehearsal::keyserver
