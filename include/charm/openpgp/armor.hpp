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

/// Returns an armored block without headers, with its CRC-24 checksum and a newline at the end. Do
/// not use it for secret octets: the result is not overwritten when it is released.
[[nodiscard]] std::string armor(ArmorType type, std::string_view octets);

/// The same, and suitable for secret octets.
[[nodiscard]] Octets armored_text(ArmorType type, std::string_view octets);

/// Reads a text that is one armored block, with nothing but white space around it. Accepts LF and
/// CR LF newlines, headers, and a missing checksum (RFC 9580 makes it optional). Throws InputError
/// for any other text, and for a wrong checksum.
[[nodiscard]] ArmoredBlock dearmor(std::string_view text);

}  // namespace charm::openpgp
