// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/ip_address.hpp"
#include "rehearsal/keyserver/recon_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// Wakes threads that wait for sockets or for time when the program ends.
class StopSignal {
 public:
  StopSignal();

  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// Raises the signal permanently.
  void raise() const;

  /// Waits until the socket is ready for `events` (of poll(2)). Throws std::runtime_error at the
  /// time limit, and if the program ends.
  void wait_for(int socket, short events, std::chrono::milliseconds limit) const;

  /// Returns false if the program ends before the time is over.
  bool sleep(std::chrono::milliseconds time) const;

 private:
  int descriptor_;
};

/// A TCP connection for reconciliation. Every member throws std::runtime_error if the other side
/// has hung up or sends nothing for five minutes, and if the program ends.
class ReconConnection {
 public:
  /// Takes over a connected non-blocking socket.
  ReconConnection(int socket, const StopSignal& stop) : socket_(socket), stop_(stop) {}

  /// Connects within half a minute. Throws with Go's message: "dial tcp …".
  ReconConnection(const IpAddress& address, std::uint16_t port, const StopSignal& stop);

  ReconConnection(const ReconConnection&) = delete;
  ReconConnection& operator=(const ReconConnection&) = delete;
  ~ReconConnection();

  void send(std::string_view octets);
  /// Receives a text after its length.
  std::string receive_text();
  /// Throws MalformedData for data that is not a message.
  ReconMessage receive_message();

 private:
  std::string receive(std::size_t count);

  int socket_;
  const StopSignal& stop_;
};

}  // namespace rehearsal::keyserver
