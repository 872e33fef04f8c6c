// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

using test::ReadOptions;
using test::refusal;
using Texts = std::vector<std::string>;
using Peers = std::vector<ExternalPeer>;

const std::string v4 = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";
const std::string other_v4 = "0123456789abcdef0123456789abcdef01234567";
const std::string v6 = "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9";

Settings settings(const std::string& option, const std::string& value) {
  const ReadOptions read(option, value);
  EXPECT_EQ(read.statuses, std::vector<Status>{});
  return read.settings;
}

Peers peers(const std::string& text) {
  return settings("external-peers", text).external_peers;
}

/// Each value must be refused for this reason, which precedes the value in the status.
void expect_refused(const std::string& option, const Texts& values, const std::string& reason) {
  for (const std::string& value : values) {
    EXPECT_EQ(refusal(option, value), "option " + option + ": " + reason + ": \"" + value + "\"");
  }
}

/// The same for a line of the option `external-peers`.
void expect_line_refused(const std::string& line, const std::string& reason) {
  EXPECT_EQ(refusal("external-peers", line),
            "option external-peers, line 1: " + reason + ": \"" + line + "\"");
}

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
  EXPECT_EQ(peers(" # nobody yet\n\n"), Peers{});
}

TEST(ExternalPeers, HaveTheUsualPortsWhereTheAddressIsAlone) {
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
  EXPECT_EQ(refusal("external-peers", "keys.example.com,11371,11370\n\nKEYS.example.com,80,11370"),
            "option external-peers, line 3: duplicate of line 1: \"KEYS.example.com,80,11370\"");
  EXPECT_EQ(refusal("external-peers", "2001:db8::7\n[2001:db8:0::7]"),
            "option external-peers, line 2: duplicate of line 1: \"[2001:db8:0::7]\"");
}

TEST(ExternalPeers, NameLineAndReasonOfAWrongPort) {
  EXPECT_EQ(
      refusal("external-peers", "keys.example.org,11371,11370\r\nkeys.example.com,x,11370\r\n"),
      "option external-peers, line 2: the HTTP port must be a number from 1 to 65535: "
      "\"keys.example.com,x,11370\"");
  for (const std::string port :
       {"0", "65536", "-1", "+1", "011", "1x", "", "99999999999999999999"}) {
    expect_line_refused("keys.example.com,11371," + port,
                        "the recon port must be a number from 1 to 65535");
  }
  expect_line_refused("keys.example.com,11371", "must be address,http-port,recon-port");
}

TEST(ExternalPeers, RefuseWhatIsNoAddress) {
  for (const std::string address :
       {"", "http://keys.example.com", "keys.example.com:11371", "keys example com", "-a.example",
        "a..example", "1.2.3", "1.2.3.400", "[keys.example.com]", "[192.0.2.7]", "fe80::1%eth0",
        "2001:db8::7::1", "k\xC3\xA9ys.example", "a{{.X}}b", "\"", "*"}) {
    expect_line_refused(address + ",11371,11370",
                        "the address must be a host name or an IP address");
  }
}

TEST(ExternalPeers, RefuseWrongSourceNetworks) {
  for (const std::string network : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08",
                                    "10.0.0/8", "2001:db8::/129", "keys.example.com", "/8"}) {
    expect_line_refused("keys.example.com,11371,11370," + network,
                        "a source network must look like 192.0.2.0/24");
  }
}

TEST(AdminKeys, AreSeparatedByCommasSpacesOrNewlines) {
  for (const std::string separator : {",", ", ", " ", "\n", ",\r\n", " ,, "}) {
    const std::string value = v4 + separator + other_v4 + separator + v6 + separator;
    EXPECT_EQ(settings("admin-keys", value).admin_keys, (Texts{v4, other_v4, v6})) << separator;
  }
  EXPECT_EQ(settings("admin-keys", " , ,\n,").admin_keys, Texts{});
}

TEST(AdminKeys, MayHaveAPrefixAndUpperCaseAndAreKeptOnce) {
  EXPECT_EQ(settings("admin-keys", "0x1026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC,0X" + v4 + "," + v4)
                .admin_keys,
            Texts{v4});
}

TEST(AdminKeys, MayBeGroupedAsGpgPrintsThem) {
  EXPECT_EQ(
      settings("admin-keys", "1026 BB4F EAF2 248A 6FCE  65BD E0AD E11B 311D 47AC\n" + other_v4)
          .admin_keys,
      (Texts{v4, other_v4}));
}

TEST(AdminKeys, NameItemAndReasonOfAWrongOne) {
  EXPECT_EQ(refusal("admin-keys", v4 + ",E0ADE11B311D47AC"),
            "option admin-keys, item 2: must be a full fingerprint, 40 or 64 hexadecimal digits: "
            "\"E0ADE11B311D47AC\"");
  for (const std::string& key :
       Texts{v4.substr(1), v4 + "0", "g" + v4.substr(1), "0x", "\"" + v4 + "\"",
             v4 + ";" + other_v4, v4.substr(0, 20) + " " + v4.substr(20)}) {
    EXPECT_TRUE(refusal("admin-keys", key).starts_with("option admin-keys, item 1: ")) << key;
  }
}

TEST(ContactFingerprint, IsOneFullFingerprint) {
  EXPECT_EQ(settings("contact-fingerprint", " 0x" + v4 + "\n").contact_fingerprint, v4);
  EXPECT_EQ(settings("contact-fingerprint", v6).contact_fingerprint, v6);
  const std::string two = refusal("contact-fingerprint", v4 + "," + other_v4);
  EXPECT_TRUE(two.starts_with("option contact-fingerprint: must be one full fingerprint: ")) << two;
}

TEST(LogLevel, IsOneOfFourInAnyCase) {
  for (const std::string level : {"debug", "info", "warning", "error"}) {
    EXPECT_EQ(settings("log-level", level).log_level, level);
  }
  EXPECT_EQ(settings("log-level", "WARNING").log_level, "warning");
  expect_refused("log-level", {"panic", "warn", "info,debug"},
                 "must be debug, info, warning or error");
}

TEST(DatabaseName, IsANameThatProvidersCreate) {
  for (const std::string& name : {std::string("hockeypuck"), std::string("hockeypuck-k8s"),
                                  std::string("_Keys_2"), std::string(49, 'a')}) {
    EXPECT_EQ(settings("database-name", name).database_name, name);
  }
  expect_refused("database-name",
                 {"keys*", "ke ys", "1keys", "-keys", "keys;", "k\"y", "cl\xC3\xA9s"},
                 "must have only letters, digits, - and _, and begin with a letter or _");
  expect_refused("database-name",
                 {"postgres", "template0", "template1", "databases", "all", "replication",
                  "sameuser", "samerole", "samegroup", "Postgres"},
                 "is reserved by PostgreSQL");
  expect_refused("database-name", {std::string(50, 'a')}, "must be at most 49 characters long");
}

TEST(Hostname, IsAHostNameOrAnAddress) {
  EXPECT_EQ(settings("hostname", " keys.example.com ").hostname, "keys.example.com");
  EXPECT_EQ(settings("hostname", "192.0.2.7").hostname, "192.0.2.7");
  EXPECT_EQ(settings("hostname", "[2001:db8::7]").hostname, "2001:db8::7");
  expect_refused("hostname", {"https://", "a b", "{{ .X }}", "://:80", "@"},
                 "must be a host name or an IP address");
}

TEST(Hostname, SuggestsTheHostOfAUrl) {
  expect_refused("hostname",
                 {"https://keys.example.com/", "http://keys.example.com:8080/a?b#c",
                  "keys.example.com:11371", "keys.example.com/pks", "hkp://me@Keys.example.com"},
                 "must be only the host name or IP address, try \"keys.example.com\"");
  expect_refused("hostname", {"https://[2001:db8::7]:443/"},
                 "must be only the host name or IP address, try \"2001:db8::7\"");
}

TEST(ReconAllowedCidrs, AreNetworksWithMasks) {
  EXPECT_EQ(settings("recon-allowed-cidrs",
                     "10.1.2.3/16, 192.0.2.7\n2001:db8::1/48 ::1,0.0.0.0/0 10.1.0.0/16")
                .recon_allowed_cidrs,
            (Texts{"10.1.0.0/16", "192.0.2.7/32", "2001:db8::/48", "::1/128", "0.0.0.0/0"}));
  EXPECT_EQ(refusal("recon-allowed-cidrs", "10.0.0.0/8,keys.example.com"),
            "option recon-allowed-cidrs, item 2: must be a network like 192.0.2.0/24 or an IP "
            "address: \"keys.example.com\"");
}

}  // namespace
}  // namespace charm
