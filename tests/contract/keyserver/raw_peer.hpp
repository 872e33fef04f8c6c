// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace contract {

/// One end of a TCP connection on which a test speaks the reconciliation protocol octet by octet.
/// Members throw std::runtime_error if the other side hangs up or sends nothing for ten seconds.
class RawPeer {
 public:
  /// Takes over a connected socket.
  explicit RawPeer(int socket);
  RawPeer(const std::string& address, std::uint16_t port);

  RawPeer(RawPeer&& other) noexcept;
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer();

  void send(const std::string& octets) const;
  std::string receive(std::size_t count) const;
  /// Returns a whole frame: a length in four octets and as many octets.
  std::string receive_frame() const;
  /// Whether the other side hung up without sending anything.
  bool is_hung_up() const;

 private:
  int socket_;
};

/// A port of the loopback address at which a test waits for a keyserver.
class RawListener {
 public:
  RawListener();

  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener();

  std::uint16_t port() const { return port_; }

  /// Throws std::runtime_error if no client connects within ten seconds.
  RawPeer accept() const;

 private:
  std::uint16_t port_;
  int socket_;
};

/// A separate network for this thread and the processes that it starts, with only the loopback
/// interface. It needs CAP_SYS_ADMIN.
class PrivateNetwork {
 public:
  /// Throws std::runtime_error if the network cannot be made.
  PrivateNetwork();

  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;
  /// Returns to the previous network.
  ~PrivateNetwork();

  /// An address of this network that is not a loopback address. A client that connects to it has it
  /// as well.
  static constexpr const char* address = "198.51.100.7";

 private:
  int before_;
};

}  // namespace contract
