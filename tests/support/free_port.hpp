// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace test {

/// A TCP port nothing listens on, on any address, and that no other test is given while this
/// process runs. It is below the range from which the kernel takes ports for outgoing connections.
std::uint16_t free_port();

}  // namespace test
