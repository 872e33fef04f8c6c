// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace rehearsal::keyserver {

/// An IPv4 or IPv6 address as text: "10.1.2.3" or "fd00::1". An IPv4 address from an IPv6 socket is
/// an IPv4 address.
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

/// Reads "address/bits". Returns nothing for any other text.
std::optional<IpNetwork> parse_ip_network(const std::string& cidr);

/// Returns the address of one end of a socket.
IpAddress ip_address_of(const sockaddr& address, socklen_t size);

/// Returns the addresses to which a host name resolves now, IPv4 first. None for an unknown name
/// and for an empty one.
std::vector<IpAddress> resolve_host(const std::string& host);

/// Returns "address:port", with brackets around an IPv6 address.
std::string endpoint_text(const IpAddress& address, std::uint16_t port);

/// "host:port" with Go's meaning: without a host, it listens on every address of the machine.
struct ListenAddress {
  std::string host = {};
  std::uint16_t port = 0;
  bool operator==(const ListenAddress&) const = default;
};

/// Throws std::runtime_error if there is no port.
ListenAddress parse_listen_address(const std::string& text);

/// Returns a TCP socket that listens. Throws std::runtime_error if the address is in use.
int open_listener(const ListenAddress& address);

/// Returns a non-blocking TCP socket that connects; -1 with errno if that fails immediately.
int start_connecting(const IpAddress& address, std::uint16_t port);

}  // namespace rehearsal::keyserver
