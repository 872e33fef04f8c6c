// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/transport.hpp"

#include <chrono>
#include <string>

namespace charm::pebble {

/// Waits for a change to end well. Throws ChangeError with Pebble's reason and the services' last
/// output when it ends in error, and with the change's summary when it does not end in time.
void wait_for_change(Transport& transport, const std::string& id,
                     std::chrono::milliseconds timeout);

}  // namespace charm::pebble
