// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// RFC 4880, section 5.2.3.1; the issuer fingerprint is of RFC 9580, section 5.2.3.35. One that was
/// read may have another value.
enum class SubpacketType : std::uint8_t {
  creation_time = 2,
  expiration_time = 3,
  key_expiration_time = 9,
  issuer_key_id = 16,
  preferred_hash_algorithms = 21,
  primary_user_id = 25,
  key_flags = 27,
  reason_for_revocation = 29,
  features = 30,
  embedded_signature = 32,
  issuer_fingerprint = 33,
};

/// Views what it was read from.
struct Subpacket {
  SubpacketType type = SubpacketType::creation_time;
  std::string_view content = {};
};

/// Throws InputError.
[[nodiscard]] std::vector<Subpacket> read_subpackets(std::string_view area);

[[nodiscard]] Octets subpacket(SubpacketType type, std::string_view content);

}  // namespace charm::openpgp
