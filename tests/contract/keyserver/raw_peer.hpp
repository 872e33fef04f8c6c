// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace contract {

/// One end of a TCP connection on which a test speaks the reconciliation protocol octet by octet.
/// Members throw std::runtime_error when the other side hangs up or says nothing for ten seconds.
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
  /// A length in four octets and as many octets, all of them.
  std::string receive_frame() const;
  /// Nothing came before the other side hung up.
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

  /// Throws std::runtime_error when nobody comes within ten seconds.
  RawPeer accept() const;

 private:
  std::uint16_t port_;
  int socket_;
};

/// A network of its own for this thread and the processes it starts, with the loopback interface
/// alone. It needs CAP_SYS_ADMIN.
class PrivateNetwork {
 public:
  /// Throws std::runtime_error when it may not be made.
  PrivateNetwork();

  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;
  /// Back to the network of before.
  ~PrivateNetwork();

  /// An address of this network that is not a loopback address: who connects to it has it as well.
  static constexpr const char* address = "198.51.100.7";

 private:
  int before_;
};

}  // namespace contract
