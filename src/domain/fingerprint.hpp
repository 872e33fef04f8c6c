// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// Returns a full OpenPGP fingerprint (version 4: 40 hexadecimal digits, version 6: 64) in lower
/// case without `0x`, or nothing for any other text, key ids included.
[[nodiscard]] std::optional<std::string> normalized_fingerprint(std::string_view text);

/// Splits a list at commas, line ends and blanks, but keeps the groups together in which gpg prints
/// one fingerprint: `1026 BB4F …`.
[[nodiscard]] std::vector<std::string> listed_fingerprints(std::string_view text);

}  // namespace charm
