// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <string_view>

namespace charm::openpgp {

/// Base64 (RFC 4648) on one line. At most 1 GiB.
[[nodiscard]] Octets base64(std::string_view octets);

/// Throws InputError for anything but padded base64 without white space.
[[nodiscard]] Octets from_base64(std::string_view text);

}  // namespace charm::openpgp
