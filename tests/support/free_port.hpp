// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace test {

/// A TCP port nothing listens on, on any address. It lies below the range from which the kernel
/// takes ports for outgoing connections, so that a test running beside this one does not get it.
std::uint16_t free_port();

}  // namespace test
