// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rehearsal::keyserver {

/// Headers of an armored block, in the order they are written.
using ArmorHeaders = std::vector<std::pair<std::string, std::string>>;

struct ArmoredBlock {
  /// "PGP PUBLIC KEY BLOCK" and the like.
  std::string type = {};
  /// The decoded octets.
  std::string body = {};
  bool operator==(const ArmoredBlock&) const = default;
};

/// The first armored block of a text (RFC 9580, section 6.2); anything around it is ignored.
/// Nothing when none begins; a block without an end, or one that is not base64, throws
/// MalformedData, so that a caller can tell "no key here" from "a broken key".
std::optional<ArmoredBlock> read_armor(std::string_view text);

/// A block with its CRC-24 checksum, without a newline after the last line.
std::string write_armor(const std::string& type, const ArmorHeaders& headers,
                        std::string_view body);

/// Base64 on one line, as in JSON.
std::string base64(std::string_view octets);
/// Throws MalformedData.
std::string from_base64(std::string_view text);

}  // namespace rehearsal::keyserver
