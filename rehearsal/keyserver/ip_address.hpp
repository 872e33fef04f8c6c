// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace rehearsal::keyserver {

/// An IPv4 or IPv6 address. One of IPv4 is kept as `::ffff:a.b.c.d`, so that it equals itself
/// whatever socket it comes from.
struct IpAddress {
  std::array<std::uint8_t, 16> octets = {};

  bool is_v4() const;
  bool is_loopback() const;
  /// "10.1.2.3" or "fd00::1".
  std::string text() const;

  auto operator<=>(const IpAddress&) const = default;
};

/// Addresses with the same first bits.
struct IpNetwork {
  IpAddress address = {};
  /// Of the 128 bits an address is kept in.
  unsigned bits = 0;

  bool contains(const IpAddress& candidate) const;

  bool operator==(const IpNetwork&) const = default;
};

std::optional<IpAddress> parse_ip_address(const std::string& text);

/// "address/bits"; nothing when it is not that.
std::optional<IpNetwork> parse_ip_network(const std::string& cidr);

/// The address of a socket's other or own end. `address` is of AF_INET or AF_INET6.
IpAddress ip_address_of(const sockaddr& address);

/// The addresses of a host name as the machine resolves it now, IPv4 first; none for a name nobody
/// knows and for an empty one.
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

/// A TCP socket that listens. Throws std::runtime_error when it cannot be had.
int open_listener(const ListenAddress& address);

}  // namespace rehearsal::keyserver
