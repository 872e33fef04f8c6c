// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "subpacket.hpp"

#include "length_octets.hpp"
#include "octet_reader.hpp"

namespace charm::openpgp {

std::vector<Subpacket> read_subpackets(std::string_view area) {
  constexpr unsigned critical = 0x80;
  OctetReader reader(area);
  std::vector<Subpacket> subpackets;
  while (!reader.empty()) {
    OctetReader one(reader.take(read_length(reader, LengthOf::subpacket)));
    const auto type = static_cast<std::uint8_t>(one.octet() & ~critical);
    subpackets.push_back({.type = SubpacketType{type}, .content = one.rest()});
  }
  return subpackets;
}

Octets subpacket(SubpacketType type, std::string_view content) {
  return length_octets(content.size() + 1)
      .append(number_octets(static_cast<std::size_t>(type), 1))
      .append(content);
}

}  // namespace charm::openpgp
