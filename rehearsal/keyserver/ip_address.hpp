// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace rehearsal::keyserver {

/// An IPv4 or IPv6 address as text: "10.1.2.3" or "fd00::1". An IPv4 address that came by an IPv6
/// socket is one of IPv4.
using IpAddress = std::string;

bool is_loopback(const IpAddress& address);

/// Addresses with the same first bits.
struct IpNetwork {
  /// In network order: 4 or 16.
  std::string octets = {};
  unsigned bits = 0;

  bool contains(const IpAddress& address) const;

  bool operator==(const IpNetwork&) const = default;
};

/// "address/bits"; nothing when it is not that.
std::optional<IpNetwork> parse_ip_network(const std::string& cidr);

/// The address of a socket's end.
IpAddress ip_address_of(const sockaddr& address, socklen_t size);

/// The addresses of a host name as the machine resolves it now, IPv4 first; none for an unknown
/// name and for an empty one.
std::vector<IpAddress> resolve_host(const std::string& host);

/// "address:port", with brackets around an IPv6 address.
std::string endpoint_text(const IpAddress& address, std::uint16_t port);

/// "host:port" as Go listens on it: without a host on every address of the machine.
struct ListenAddress {
  std::string host = {};
  std::uint16_t port = 0;
  bool operator==(const ListenAddress&) const = default;
};

/// Throws std::runtime_error when there is no port.
ListenAddress parse_listen_address(const std::string& text);

/// A TCP socket that listens. Throws std::runtime_error when the address is not free.
int open_listener(const ListenAddress& address);

/// A TCP socket that does not block and connects; -1, and errno, when that fails at once.
int start_connecting(const IpAddress& address, std::uint16_t port);

}  // namespace rehearsal::keyserver
