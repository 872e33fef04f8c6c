// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/processes.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

namespace rehearsal::pods {

/// Makes the cluster's bridge, 10.1.0.1/9, in the network namespace of a node.
void make_bridge(pid_t node);

/// Connects the network namespace of `pod` to the bridge: `eth0` with this address, the loopback
/// interface and a default route.
void connect_pod(pid_t node, pid_t pod, const std::string& address);

/// Removes the pod's link from the bridge; does nothing if there is none.
void disconnect_pod(pid_t node, const std::string& address);

/// A TCP socket that listens on 127.0.0.1 of this machine.
struct LocalListener {
  Descriptor socket;
  std::uint16_t port = 0;
};

/// `port` 0 means any free port. Throws MachineError if the port is in use.
[[nodiscard]] LocalListener listen_locally(std::uint16_t port);

/// The target of a relay's connections.
struct RelayTarget {
  pid_t network = 0;  ///< A process in the network namespace of the address.
  /// Called for each connection. Without an address the connection is closed.
  std::function<std::optional<std::string>()> address;
  std::uint16_t port = 0;
};

/// Starts a relay that runs until the node ends.
[[nodiscard]] ProcessIdentity start_relay(pid_t node, const LocalListener& listener,
                                          const RelayTarget& target);

/// Relays until the calling process gets SIGTERM or SIGINT.
void relay_here(const LocalListener& listener, const RelayTarget& target);

}  // namespace rehearsal::pods
