// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/ip_address.hpp"
#include "rehearsal/keyserver/recon_message.hpp"
#include "rehearsal/keyserver/stop_signal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

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

/// "address:port", with brackets around an IPv6 address.
std::string endpoint_text(const IpAddress& address, std::uint16_t port);

}  // namespace rehearsal::keyserver
