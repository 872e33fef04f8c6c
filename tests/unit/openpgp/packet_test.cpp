// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/openpgp/packet.hpp"

#include "charm/openpgp/octets.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace packet_test {

std::string_view operator""_octets(const char* text, std::size_t size) {
  return {text, size};
}

Packet user_id(std::string_view body) {
  return {.tag = PacketTag::user_id, .body = Octets(body)};
}

TEST(Packets, AreReadAsTheyAreWritten) {
  for (const std::size_t size : {0U, 1U, 191U, 192U, 8383U, 8384U, 70000U}) {
    const std::vector<Packet> packets{user_id(std::string(size, 'x')), user_id("next")};
    EXPECT_TRUE(read_packets(octets_of(packets)) == packets) << size;
  }
}

TEST(Packets, MayHaveOldHeaders) {
  for (const std::string_view octets : {"\xB4\x01x"_octets, "\xB5\x00\x01x"_octets,
                                        "\xB6\x00\x00\x00\x01x"_octets, "\xCD\x01x"_octets}) {
    EXPECT_TRUE(read_packets(octets) == std::vector{user_id("x")});
  }
}

TEST(Packets, AreRefusedWhenTheyAreNone) {
  for (const std::string_view octets :
       {"x"_octets, "\xCD"_octets, "\xCD\x02x"_octets, "\xCD\xFF\xFF\xFF\xFF\xFFx"_octets,
        "\xCD\xE1xx"_octets, "\xB7x"_octets, "\xCD\x01x."_octets}) {
    EXPECT_THROW(static_cast<void>(read_packets(octets)), InputError);
  }
}

}  // namespace packet_test
}  // namespace charm::openpgp
