// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transferable_key.hpp"

#include <chrono>
#include <string_view>

namespace charm::openpgp {

/// Reads the packets of a transferable secret key and keeps what the charm needs of it. Throws
/// InputError as AdminKey::from_armor says.
[[nodiscard]] TransferableKey read_transferable_key(std::string_view octets,
                                                    std::chrono::sys_seconds now);

}  // namespace charm::openpgp
