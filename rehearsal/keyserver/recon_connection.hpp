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

/// A TCP connection on which peers reconcile. Every member throws std::runtime_error when the other
/// side has hung up or says nothing for five minutes, and when the program ends.
class ReconConnection {
 public:
  /// Takes over a connected socket that does not block.
  ReconConnection(int socket, const StopSignal& stop) : socket_(socket), stop_(stop) {}

  /// Connects within half a minute. Throws with the words of Go: "dial tcp …".
  ReconConnection(const IpAddress& address, std::uint16_t port, const StopSignal& stop);

  ReconConnection(const ReconConnection&) = delete;
  ReconConnection& operator=(const ReconConnection&) = delete;
  ~ReconConnection();

  void send(std::string_view octets);
  /// A text with its length in front of it.
  std::string receive_text();
  /// Throws MalformedData for what is no message.
  ReconMessage receive_message();

 private:
  std::string receive(std::size_t count);

  int socket_;
  const StopSignal& stop_;
};

}  // namespace rehearsal::keyserver
