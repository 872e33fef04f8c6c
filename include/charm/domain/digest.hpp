// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// Returns the SHA-256 of a text as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view text);

/// Returns 16 hexadecimal digits, at a fraction of that cost. Different texts have the same
/// digits only by chance, once in 2^64. Nothing is secret in them, nothing is safe from an
/// attacker, and another build may return other digits. So it is only for a memory that is soon
/// read again.
[[nodiscard]] std::string short_digest(std::string_view text);

/// Whether a text has the form of a SHA-256.
[[nodiscard]] bool is_sha256(std::string_view text);

/// The SHA-256 of a file or of the content at a URL.
struct Checksum {
  std::string sha256;  ///< 64 lower-case hexadecimal digits.
  std::string name;

  bool operator==(const Checksum&) const = default;
};

/// Reads the output of sha256sum: on each line a digest, two spaces (or a space and an asterisk)
/// and a name. One space is enough. Skips empty lines and lines that begin with `#`. Throws
/// charm::Error that names the line.
[[nodiscard]] std::vector<Checksum> read_checksums(std::string_view text);

/// Returns one line as sha256sum writes it, with its newline.
[[nodiscard]] std::string checksum_line(const Checksum& checksum);

}  // namespace charm
