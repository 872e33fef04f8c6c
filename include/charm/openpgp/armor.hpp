// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <string>
#include <string_view>

namespace charm::openpgp {

/// The kinds of armored block (RFC 4880, section 6.2) that the charm reads and writes.
enum class ArmorType { public_key, private_key, signature };

struct ArmoredBlock {
  ArmorType type = ArmorType::public_key;
  Octets octets;
};

/// Returns an armored block without headers, with its CRC-24 checksum and a newline at the end.
/// Not for secret octets: the result is not overwritten when it is released.
[[nodiscard]] std::string armor(ArmorType type, std::string_view octets);

/// The same for secret octets too.
[[nodiscard]] Octets armored_text(ArmorType type, std::string_view octets);

/// Reads a text that is one armored block, with white space around it at most. Takes LF and CR LF
/// line ends, headers, and a missing checksum (RFC 9580 makes it optional). Throws InputError for
/// everything else, a wrong checksum included.
[[nodiscard]] ArmoredBlock dearmor(std::string_view text);

}  // namespace charm::openpgp
