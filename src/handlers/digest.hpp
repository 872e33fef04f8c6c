// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace charm::cos {

/// Returns the first `size` bytes of SHAKE256 (FIPS 202) in lower-case hex. Throws charm::Error
/// when OpenSSL does not offer it.
[[nodiscard]] std::string shake256_hex(std::string_view text, std::size_t size);

/// Returns a UUID of version 8 (RFC 9562) that depends on the text alone.
[[nodiscard]] std::string content_uuid(std::string_view text);

}  // namespace charm::cos
