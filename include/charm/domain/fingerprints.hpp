// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// Whether the text is a full fingerprint in the charm's form: 40 or 64 lower-case hexadecimal
/// digits and nothing else.
[[nodiscard]] bool is_fingerprint(std::string_view text);

/// Returns a full OpenPGP fingerprint (version 4: 40 hexadecimal digits, version 6: 64) in lower
/// case without `0x`. Returns nothing for any other text, including key IDs.
[[nodiscard]] std::optional<std::string> normalized_fingerprint(std::string_view text);

/// Splits a list at commas, newlines and spaces. The groups in which gpg prints one fingerprint,
/// `1026 BB4F …`, stay together.
[[nodiscard]] std::vector<std::string> listed_fingerprints(std::string_view text);

/// A list of keys that an operator typed.
struct TypedFingerprints {
  /// Full fingerprints, 40 or 64 lower-case hexadecimal digits, in the order given, without
  /// duplicates.
  std::vector<std::string> fingerprints;
  /// The items that are not fingerprints, as typed, in the order given, without duplicates.
  std::vector<std::string> malformed;
};

/// Reads full OpenPGP fingerprints separated by commas, spaces or newlines. Accepts `0x` before a
/// fingerprint, upper case, and the groups that gpg prints (`1026 BB4F …`). A comma or a newline
/// must follow such groups.
[[nodiscard]] TypedFingerprints typed_fingerprints(std::string_view text);

}  // namespace charm
