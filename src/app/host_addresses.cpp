// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "host_addresses.hpp"

#include <array>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace charm {

namespace {

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  const int failure = ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(),
                                    nullptr, 0, NI_NUMERICHOST);
  return failure == 0 ? text.data() : std::string();
}

std::vector<std::string> resolved(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // Each address once, not once for each kind of socket.
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    addresses.push_back(text_of(*one));
  }
  return addresses;
}

}  // namespace

std::vector<std::string> HostAddresses::of(const std::string& host) {
  if (left_.count() <= 0) {
    return {};
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> addresses = resolved(host);
  left_ -= std::chrono::steady_clock::now() - start;
  return addresses;
}

}  // namespace charm
