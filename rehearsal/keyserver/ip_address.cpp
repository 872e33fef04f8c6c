// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/ip_address.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <arpa/inet.h>
#include <netdb.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// Returns nothing for an unknown name. Without a host: every address of the machine.
Addresses addresses_of(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int failure =
      getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found);
  return Addresses(failure == 0 ? found : nullptr);
}

std::string octets_of_address(const IpAddress& address) {
  std::array<char, 16> octets{};
  if (inet_pton(AF_INET, address.c_str(), octets.data()) == 1) {
    return {octets.data(), 4};
  }
  return inet_pton(AF_INET6, address.c_str(), octets.data()) == 1
             ? std::string(octets.data(), octets.size())
             : "";
}

bool is_v4(const IpAddress& address) {
  return address.find(':') == std::string::npos;
}

/// Closes the socket and keeps errno.
int failed(int socket) {
  const int error = errno;
  close(socket);
  errno = error;
  return -1;
}

int listen_on(const addrinfo& address) {
  const int listener = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool listens =
      bind(listener, address.ai_addr, address.ai_addrlen) == 0 && listen(listener, SOMAXCONN) == 0;
  return listens ? listener : failed(listener);
}

}  // namespace

bool is_loopback(const IpAddress& address) {
  return address == "::1" || (is_v4(address) && address.starts_with("127."));
}

bool IpNetwork::contains(const IpAddress& address) const {
  const std::string candidate = octets_of_address(address);
  if (candidate.size() != octets.size()) {
    return false;
  }
  for (unsigned bit = 0; bit < bits; ++bit) {
    const auto difference = static_cast<unsigned char>(candidate[bit / 8] ^ octets[bit / 8]);
    if ((difference >> (7 - bit % 8) & 1U) != 0) {
      return false;
    }
  }
  return true;
}

std::optional<IpNetwork> parse_ip_network(const std::string& cidr) {
  const std::size_t slash = std::min(cidr.find('/'), cidr.size());
  IpNetwork network{.octets = octets_of_address(cidr.substr(0, slash))};
  const std::string bits = cidr.substr(std::min(slash + 1, cidr.size()));
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits);
  const bool valid = error == std::errc() && end == bits.data() + bits.size() &&
                     !network.octets.empty() && network.bits <= network.octets.size() * 8;
  return valid ? std::optional(network) : std::nullopt;
}

IpAddress ip_address_of(const sockaddr& address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  getnameinfo(&address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  const std::string result = text.data();
  const std::string mapped = "::ffff:";
  const bool is_mapped = result.starts_with(mapped) && result.find('.') != std::string::npos;
  return is_mapped ? result.substr(mapped.size()) : result;
}

std::vector<IpAddress> resolve_host(const std::string& host) {
  std::vector<IpAddress> result;
  const Addresses found = host.empty() ? nullptr : addresses_of(host, "0", 0);
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    result.push_back(ip_address_of(*one->ai_addr, one->ai_addrlen));
  }
  std::ranges::stable_sort(result, std::ranges::greater(), is_v4);
  return result;
}

std::string endpoint_text(const IpAddress& address, std::uint16_t port) {
  return (is_v4(address) ? address : "[" + address + "]") + ":" + std::to_string(port);
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
  const std::string port = std::to_string(address.port);
  const Addresses addresses = addresses_of(address.host, port, AI_PASSIVE);
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    if (const int listener = listen_on(*one); listener >= 0) {
      return listener;
    }
  }
  throw std::runtime_error("listen tcp " + address.host + ":" + port +
                           ": bind: " + std::strerror(errno));
}

int start_connecting(const IpAddress& address, std::uint16_t port) {
  const Addresses found = addresses_of(address, std::to_string(port), AI_NUMERICHOST);
  if (!found) {
    errno = EINVAL;
    return -1;
  }
  const int connecting = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool started =
      connect(connecting, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS;
  return started ? connecting : failed(connecting);
}

}  // namespace rehearsal::keyserver
