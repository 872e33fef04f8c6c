// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "octet_reader.hpp"

#include <cstddef>

namespace charm::openpgp {

/// What a length stands before. In front of a packet the first octets 224 to 254 begin a partial
/// length; in front of a subpacket they do not.
enum class LengthOf { packet, subpacket };

/// Reads a length of one, two or five octets (RFC 4880, sections 4.2.2 and 5.2.3.1). Throws
/// InputError for a partial length.
[[nodiscard]] std::size_t read_length(OctetReader& reader, LengthOf what);

/// The shortest form of a length, the same for packets and subpackets.
[[nodiscard]] Octets length_octets(std::size_t length);

}  // namespace charm::openpgp
