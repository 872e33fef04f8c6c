// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// Whether the text is a full fingerprint as this charm keeps it: 40 or 64 lower-case hexadecimal
/// digits and nothing else.
[[nodiscard]] bool is_fingerprint(std::string_view text);

/// Returns a full OpenPGP fingerprint (version 4: 40 hexadecimal digits, version 6: 64) in lower
/// case without `0x`, or nothing for any other text, key ids included.
[[nodiscard]] std::optional<std::string> normalized_fingerprint(std::string_view text);

/// Splits a list at commas, line ends and blanks, but keeps the groups together in which gpg prints
/// one fingerprint: `1026 BB4F …`.
[[nodiscard]] std::vector<std::string> listed_fingerprints(std::string_view text);

/// What a person gave as a list of keys.
struct TypedFingerprints {
  /// Full fingerprints, 40 or 64 lower-case hexadecimal digits, in the order given, each once.
  std::vector<std::string> fingerprints;
  /// The items that are none, as they were typed, in the order given, each once.
  std::vector<std::string> malformed;
};

/// Reads full OpenPGP fingerprints separated by commas, blanks or line ends. `0x` before one, upper
/// case, and blanks between groups as gpg prints them (`1026 BB4F …`, separated from the next one
/// by a comma or a line end) are understood.
[[nodiscard]] TypedFingerprints typed_fingerprints(std::string_view text);

}  // namespace charm
