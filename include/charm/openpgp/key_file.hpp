// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace charm::openpgp {

/// Whether the content of a file of keys is packets and no text.
[[nodiscard]] bool is_binary(std::string_view file);

/// Returns the packets of a file of public keys: what it holds if it is binary, else the content of
/// its armored blocks, one after the other, whatever stands between them. Throws InputError for a
/// text without a block, for a block that is damaged, and for one of a private key.
[[nodiscard]] std::string key_packets(std::string file);

}  // namespace charm::openpgp
