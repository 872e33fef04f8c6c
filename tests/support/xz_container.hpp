// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace test {

/// Returns an .xz stream (The .xz File Format 1.2, check CRC64) that holds the bytes uncompressed:
/// for readers that accept nothing but .xz, without a compression library.
[[nodiscard]] std::string xz_stored(std::string_view bytes);

/// Returns base64 (RFC 4648) on one line.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace test
