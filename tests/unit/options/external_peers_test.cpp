// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

using test::ReadOptions;

std::vector<ExternalPeer> peers(const std::string& text) {
  const ReadOptions read("external-peers", text);
  EXPECT_EQ(read.statuses, std::vector<Status>{});
  return read.settings.external_peers;
}

std::string refusal(const std::string& text) {
  return test::refusal("external-peers", text);
}

using Peers = std::vector<ExternalPeer>;

TEST(ExternalPeers, AreOneALine) {
  EXPECT_EQ(peers("keys.example.com,11371,11370\nkeys.example.org,80,11380"),
            (Peers{{.host = "keys.example.com"},
                   {.host = "keys.example.org", .http_port = 80, .recon_port = 11380}}));
}

TEST(ExternalPeers, MayBeWrittenUntidily) {
  EXPECT_EQ(peers("\r\n# our friends\r\n  Keys.Example.COM , 11371,\t11370  \r\n\n"
                  "keys.example.org,80,11380 # by Ann\r\n#keys.example.net,1,2"),
            (Peers{{.host = "keys.example.com"},
                   {.host = "keys.example.org", .http_port = 80, .recon_port = 11380}}));
}

TEST(ExternalPeers, OfCommentsOnlyAreNone) {
  EXPECT_EQ(peers(" # nobody yet\n\n"), Peers{});
}

TEST(ExternalPeers, HaveTheUsualPortsWhereTheAddressStandsAlone) {
  EXPECT_EQ(peers("192.0.2.7"),
            (Peers{{.host = "192.0.2.7", .http_port = 11371, .recon_port = 11370}}));
}

TEST(ExternalPeers, HaveIpv6AddressesWithOrWithoutBrackets) {
  EXPECT_EQ(peers("[2001:DB8:0::7],11371,11370\n2001:db8::8,11371,11370"),
            (Peers{{.host = "2001:db8::7"}, {.host = "2001:db8::8"}}));
}

TEST(ExternalPeers, HaveFurtherNetworksToDialInFrom) {
  EXPECT_EQ(peers("keys.example.com,11371,11370,10.1.2.3/16, 192.0.2.7 "
                  ",10.1.0.0/16,2001:db8::1,"),
            (Peers{{.host = "keys.example.com",
                    .source_cidrs = {"10.1.0.0/16", "192.0.2.7/32", "2001:db8::1/128"}}}));
}

TEST(ExternalPeers, OnOneHostMayDifferInTheReconPort) {
  EXPECT_EQ(peers("keys.example.com,11371,11370\nkeys.example.com,11371,11380").size(), 2U);
}

TEST(ExternalPeers, AreRefusedTwice) {
  EXPECT_EQ(refusal("keys.example.com,11371,11370\n\nKEYS.example.com,80,11370"),
            "option external-peers, line 3: \"KEYS.example.com,80,11370\": the same "
            "keyserver "
            "stands in line 1");
  EXPECT_EQ(refusal("2001:db8::7\n[2001:db8:0::7]"),
            "option external-peers, line 2: \"[2001:db8:0::7]\": the same "
            "keyserver stands in line "
            "1");
}

TEST(ExternalPeers, NameLineAndReasonOfAWrongHttpPort) {
  EXPECT_EQ(refusal("keys.example.org,11371,11370\r\nkeys.example.com,x,11370\r\n"),
            "option external-peers, line 2: \"keys.example.com,x,11370\": the HTTP "
            "port must be a "
            "number from 1 to 65535");
}

TEST(ExternalPeers, RefuseWrongReconPorts) {
  for (const std::string port :
       {"0", "65536", "-1", "+1", "011", "1x", "", "99999999999999999999"}) {
    const std::string line = "keys.example.com,11371," + port;
    EXPECT_EQ(refusal(line), "option external-peers, line 1: \"" + line +
                                 "\": the recon port must be a number from 1 to 65535");
  }
}

TEST(ExternalPeers, RefuseALineWithOnePort) {
  EXPECT_EQ(refusal("keys.example.com,11371"),
            "option external-peers, line 1: \"keys.example.com,11371\": must be "
            "address,http-port,recon-port");
}

TEST(ExternalPeers, RefuseWhatIsNoAddress) {
  for (const std::string address :
       {"", "http://keys.example.com", "keys.example.com:11371", "keys example com", "-a.example",
        "a..example", "1.2.3", "1.2.3.400", "[keys.example.com]", "[192.0.2.7]", "fe80::1%eth0",
        "2001:db8::7::1", "k\xC3\xA9ys.example", "a{{.X}}b", "\"", "*"}) {
    const std::string message = refusal(address + ",11371,11370");
    EXPECT_TRUE(message.ends_with(": the address must be a host name or an IP address"))
        << address << ": " << message;
  }
}

TEST(ExternalPeers, RefuseWrongSourceNetworks) {
  for (const std::string network : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08",
                                    "10.0.0/8", "2001:db8::/129", "keys.example.com", "/8"}) {
    const std::string message = refusal("keys.example.com,11371,11370," + network);
    EXPECT_TRUE(
        message.ends_with("the source network \"" + network + "\" must look like 192.0.2.0/24"))
        << message;
  }
}

}  // namespace
}  // namespace charm
