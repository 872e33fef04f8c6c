// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace test {

/// A TCP port on which no program listens, on any address. No other test gets it while this process
/// runs. It is below the range from which the kernel takes ports for outgoing connections.
std::uint16_t free_port();

}  // namespace test
