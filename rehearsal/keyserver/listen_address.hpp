// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace rehearsal::keyserver {

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
