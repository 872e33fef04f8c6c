// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace charm::openpgp {

/// The fingerprint of a key from the body of its packet (RFC 9580, section 5.5.4; version 5 is
/// LibrePGP's), whatever its algorithm. Empty for another version and for a body that is too short.
[[nodiscard]] std::string key_fingerprint(std::string_view body);

}  // namespace charm::openpgp
