// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace rehearsal::keyserver {

/// Tells threads that wait for sockets or for time that the program ends.
class StopSignal {
 public:
  StopSignal();

  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// For good.
  void raise() const;

  /// Waits until the socket is ready for `events` (of poll(2)). Throws std::runtime_error when it
  /// is not within the limit, and when the program ends.
  void wait_for(int socket, short events, std::chrono::milliseconds limit) const;

  /// False when the program ends before the time is over.
  bool sleep(std::chrono::milliseconds time) const;

 private:
  int descriptor_;
};

}  // namespace rehearsal::keyserver
