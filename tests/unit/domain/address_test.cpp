// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

TEST(HostPort, IsReadWithAndWithoutPort) {
  EXPECT_EQ(parse_host_port("db"), (HostPort{"db", std::nullopt}));
  EXPECT_EQ(parse_host_port("db.example:1"), (HostPort{"db.example", 1}));
  EXPECT_EQ(parse_host_port("10.0.0.1:65535"), (HostPort{"10.0.0.1", 65535}));
  EXPECT_EQ(parse_host_port("[::1]"), (HostPort{"::1", std::nullopt}));
  EXPECT_EQ(parse_host_port("[::ffff:10.0.0.1]:2"), (HostPort{"::ffff:10.0.0.1", 2}));
}

TEST(HostPort, IsTakenAsTheOtherSideWroteIt) {
  EXPECT_EQ(parse_host_port("DB_1..Example.:05432"), (HostPort{"DB_1..Example.", 5432}));
  EXPECT_EQ(parse_host_port("[FD00:0::7]"), (HostPort{"FD00:0::7", std::nullopt}));
}

TEST(HostPort, IsNothingWhenMalformed) {
  for (const auto* const text :
       {"", ":", ":1", "db:", "db:0", "db:65536", "db:+1", "db:-0", "db:1:2", "::1", "[::1", "[]",
        "[::1]x", "[::1]:", "[x]:1", "[10.0.0.1]", "d b", "d\xC3\xA9"}) {
    EXPECT_EQ(parse_host_port(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_host_port(std::string(254, 'a')), std::nullopt);
  EXPECT_EQ(parse_host_port(std::string("[::1\0]", 6)), std::nullopt);
}

TEST(Url, HasThePortOfItsSchemeAndNoTrailingSlash) {
  EXPECT_EQ(parse_url("http://keys.example.com"), (Url{"http", "keys.example.com", 80, ""}));
  EXPECT_EQ(parse_url("HTTPS://Keys:8443/"), (Url{"https", "Keys", 8443, ""}));
  EXPECT_EQ(parse_url("https://[fd00::7]/a/b//?c#d"), (Url{"https", "fd00::7", 443, "/a/b"}));
}

TEST(Url, IsNothingWhenMalformed) {
  for (const auto* const text :
       {"keys.example.com", "//keys", "ftp://keys", "http:/keys", "http://", "http:///a",
        "http://u:p@keys/", "http://keys:0/", "http://ke ys/", "http://keys/a b", "http://keys/\"",
        "http://fd00::7/", "://"}) {
    EXPECT_EQ(parse_url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace charm
