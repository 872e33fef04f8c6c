// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

namespace rehearsal::keyserver {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned v4_prefix_bits = 96;
constexpr unsigned all_bits = 128;
constexpr unsigned octet_bits = 8;

IpAddress of_v4(const in_addr& address) {
  IpAddress result;
  std::ranges::copy(v4_prefix, result.octets.begin());
  std::memcpy(result.octets.data() + v4_prefix.size(), &address, sizeof address);
  return result;
}

IpAddress of_v6(const in6_addr& address) {
  IpAddress result;
  std::memcpy(result.octets.data(), &address, sizeof address);
  return result;
}

bool bit_of(const IpAddress& address, unsigned index) {
  return (address.octets.at(index / octet_bits) >> (octet_bits - 1 - index % octet_bits) & 1U) != 0;
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::equal(v4_prefix.begin(), v4_prefix.end(), octets.begin());
}

bool IpAddress::is_loopback() const {
  constexpr std::uint8_t v4_loopback = 127;
  return is_v4() ? octets.at(v4_prefix.size()) == v4_loopback : *this == of_v6(in6addr_loopback);
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const std::size_t skipped = is_v4() ? v4_prefix.size() : 0;
  inet_ntop(is_v4() ? AF_INET : AF_INET6, octets.data() + skipped, text.data(), text.size());
  return text.data();
}

bool IpNetwork::contains(const IpAddress& candidate) const {
  if (candidate.is_v4() != address.is_v4()) {
    return false;
  }
  for (unsigned index = 0; index < bits; ++index) {
    if (bit_of(candidate, index) != bit_of(address, index)) {
      return false;
    }
  }
  return true;
}

std::optional<IpAddress> parse_ip_address(const std::string& text) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return of_v4(v4);
  }
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 ? std::optional(of_v6(v6)) : std::nullopt;
}

std::optional<IpNetwork> parse_ip_network(const std::string& cidr) {
  const std::size_t slash = std::min(cidr.find('/'), cidr.size());
  const std::optional<IpAddress> address = parse_ip_address(cidr.substr(0, slash));
  const std::string bits = cidr.substr(std::min(slash + 1, cidr.size()));
  unsigned number = 0;
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), number);
  if (!address || error != std::errc() || end != bits.data() + bits.size()) {
    return std::nullopt;
  }
  const unsigned skipped = address->is_v4() ? v4_prefix_bits : 0;
  return number > all_bits - skipped
             ? std::nullopt
             : std::optional(IpNetwork{.address = *address, .bits = skipped + number});
}

IpAddress ip_address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return of_v4(v4.sin_addr);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return of_v6(v6.sin6_addr);
}

std::vector<IpAddress> resolve_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return {};
  }
  std::vector<IpAddress> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    addresses.push_back(ip_address_of(*one->ai_addr));
  }
  freeaddrinfo(found);
  std::ranges::stable_sort(addresses, std::ranges::greater(), &IpAddress::is_v4);
  return addresses;
}

}  // namespace rehearsal::keyserver
