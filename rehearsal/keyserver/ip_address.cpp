// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/ip_address.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses addresses_of(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                  std::to_string(address.port).c_str(), &hints, &found);
  if (failure != 0) {
    throw std::runtime_error("listen tcp " + address.host + ": " + gai_strerror(failure));
  }
  return Addresses(found);
}

/// -1, and errno, when it does not work.
int listen_on(const addrinfo& address) {
  const int listener = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, 0);
  if (listener < 0) {
    return -1;
  }
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, address.ai_addr, address.ai_addrlen) == 0 &&
      listen(listener, SOMAXCONN) == 0) {
    return listener;
  }
  const int error = errno;
  close(listener);
  errno = error;
  return -1;
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

std::string endpoint_text(const IpAddress& address, std::uint16_t port) {
  const std::string host = address.is_v4() ? address.text() : "[" + address.text() + "]";
  return host + ":" + std::to_string(port);
}

ListenAddress parse_listen_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) {
    throw std::runtime_error("address " + text + ": missing port in address");
  }
  ListenAddress address{.host = text.substr(0, colon)};
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || stopped != end) {
    throw std::runtime_error("address " + text + ": unknown port");
  }
  return address;
}

int open_listener(const ListenAddress& address) {
  const Addresses addresses = addresses_of(address);
  for (const addrinfo* candidate = addresses.get(); candidate != nullptr;
       candidate = candidate->ai_next) {
    const int listener = listen_on(*candidate);
    if (listener >= 0) {
      return listener;
    }
  }
  throw std::runtime_error("listen tcp " + address.host + ":" + std::to_string(address.port) +
                           ": bind: " + std::strerror(errno));
}

}  // namespace rehearsal::keyserver
