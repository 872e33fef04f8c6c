// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

using test::ReadOptions;
using test::refusal;
using Texts = std::vector<std::string>;

const std::string v4 = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";
const std::string other_v4 = "0123456789abcdef0123456789abcdef01234567";
const std::string v6 = "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9";

Settings settings(const std::string& option, const std::string& value) {
  const ReadOptions read(option, value);
  EXPECT_EQ(read.statuses, std::vector<Status>{});
  return read.settings;
}

TEST(AdminKeys, AreSeparatedByCommasSpacesOrNewlines) {
  for (const std::string separator : {",", ", ", " ", "\n", ",\r\n", " ,, "}) {
    const std::string value = v4 + separator + other_v4 + separator + v6 + separator;
    EXPECT_EQ(settings("admin-keys", value).admin_keys, (Texts{v4, other_v4, v6})) << separator;
  }
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

TEST(AdminKeys, OfSeparatorsOnlyAreNone) {
  EXPECT_EQ(settings("admin-keys", " , ,\n,").admin_keys, Texts{});
}

TEST(AdminKeys, NameItemAndReasonOfAWrongOne) {
  EXPECT_EQ(refusal("admin-keys", v4 + ",E0ADE11B311D47AC"),
            "option admin-keys, item 2: \"E0ADE11B311D47AC\": must be a full "
            "fingerprint, 40 or 64 "
            "hexadecimal digits");
}

TEST(AdminKeys, RefuseWhatIsNoFullFingerprint) {
  for (const std::string& key :
       std::vector<std::string>{v4.substr(1), v4 + "0", "g" + v4.substr(1), "0x", "\"" + v4 + "\"",
                                v4 + ";" + other_v4, v4.substr(0, 20) + " " + v4.substr(20)}) {
    EXPECT_TRUE(refusal("admin-keys", key).starts_with("option admin-keys, item 1: ")) << key;
  }
}

TEST(ContactFingerprint, IsOneFullFingerprint) {
  EXPECT_EQ(settings("contact-fingerprint", " 0x" + v4 + "\n").contact_fingerprint, v4);
  EXPECT_EQ(settings("contact-fingerprint", v6).contact_fingerprint, v6);
  const std::string two = refusal("contact-fingerprint", v4 + "," + other_v4);
  EXPECT_TRUE(two.ends_with(": must be one full fingerprint")) << two;
}

TEST(LogLevel, IsOneOfFourInAnyCase) {
  for (const std::string level : {"debug", "info", "warning", "error"}) {
    EXPECT_EQ(settings("log-level", level).log_level, level);
  }
  EXPECT_EQ(settings("log-level", "WARNING").log_level, "warning");
  for (const std::string level : {"panic", "warn", "info,debug"}) {
    EXPECT_EQ(refusal("log-level", level),
              "option log-level: \"" + level + "\": must be debug, info, warning or error");
  }
}

TEST(DatabaseName, IsANameThatProvidersCreate) {
  for (const std::string& name : {std::string("hockeypuck"), std::string("hockeypuck-k8s"),
                                  std::string("_Keys_2"), std::string(49, 'a')}) {
    EXPECT_EQ(settings("database-name", name).database_name, name);
  }
}

TEST(DatabaseName, RefusesOtherCharacters) {
  for (const std::string name :
       {"keys*", "ke ys", "1keys", "-keys", "keys;", "k\"y", "cl\xC3\xA9s"}) {
    const std::string message = refusal("database-name", name);
    EXPECT_TRUE(
        message.ends_with(": must be letters, digits, - and _, beginning with a letter or _"))
        << message;
  }
}

TEST(DatabaseName, RefusesReservedNames) {
  for (const std::string name : {"postgres", "template0", "template1", "databases", "all",
                                 "replication", "sameuser", "samerole", "samegroup", "Postgres"}) {
    EXPECT_EQ(refusal("database-name", name),
              "option database-name: \"" + name + "\": is reserved by PostgreSQL");
  }
}

TEST(DatabaseName, RefusesFiftyCharacters) {
  const std::string message = refusal("database-name", std::string(50, 'a'));
  EXPECT_TRUE(message.ends_with(": must be at most 49 characters long")) << message;
}

TEST(Hostname, IsAHostNameOrAnAddress) {
  EXPECT_EQ(settings("hostname", " keys.example.com ").hostname, "keys.example.com");
  EXPECT_EQ(settings("hostname", "192.0.2.7").hostname, "192.0.2.7");
  EXPECT_EQ(settings("hostname", "[2001:db8::7]").hostname, "2001:db8::7");
}

TEST(Hostname, SuggestsTheHostOfAUrl) {
  for (const std::string url :
       {"https://keys.example.com/", "http://keys.example.com:8080/a?b#c", "keys.example.com:11371",
        "keys.example.com/pks", "hkp://me@Keys.example.com"}) {
    EXPECT_EQ(refusal("hostname", url), "option hostname: \"" + url +
                                            "\": must be only the host name or IP address, try "
                                            "\"keys.example.com\"");
  }
  EXPECT_EQ(refusal("hostname", "https://[2001:db8::7]:443/"),
            "option hostname: \"https://[2001:db8::7]:443/\": must be only the "
            "host name or IP "
            "address, try \"2001:db8::7\"");
}

TEST(Hostname, RefusesWhatHoldsNoHost) {
  for (const std::string text : {"https://", "a b", "{{ .X }}", "://:80", "@"}) {
    EXPECT_EQ(refusal("hostname", text),
              "option hostname: \"" + text + "\": must be a host name or an IP address");
  }
}

TEST(ReconAllowedCidrs, AreNetworksWithMasks) {
  EXPECT_EQ(settings("recon-allowed-cidrs",
                     "10.1.2.3/16, 192.0.2.7\n2001:db8::1/48 ::1,0.0.0.0/0 10.1.0.0/16")
                .recon_allowed_cidrs,
            (Texts{"10.1.0.0/16", "192.0.2.7/32", "2001:db8::/48", "::1/128", "0.0.0.0/0"}));
}

TEST(ReconAllowedCidrs, NameItemAndReasonOfAWrongOne) {
  EXPECT_EQ(refusal("recon-allowed-cidrs", "10.0.0.0/8,keys.example.com"),
            "option recon-allowed-cidrs, item 2: \"keys.example.com\": must be "
            "a network like "
            "192.0.2.0/24 or an IP address");
}

}  // namespace
}  // namespace charm
