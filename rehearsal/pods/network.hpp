// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <sys/types.h>

namespace rehearsal::pods {

/// Makes the model's bridge, 10.1.0.1/16, in the network namespace of its node.
void make_bridge(pid_t node);

/// Connects the network namespace of `pod` to the bridge: `eth0` with this address, the loopback
/// interface and a default route.
void connect_pod(pid_t node, pid_t pod, const std::string& address);

/// Removes the pod's link from the bridge; nothing happens when there is none.
void disconnect_pod(pid_t node, const std::string& address);

}  // namespace rehearsal::pods
