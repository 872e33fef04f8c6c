// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "location.hpp"

#include <gtest/gtest.h>

#include <map>

namespace charm::download {
namespace {

TEST(Location, IsTakenFromAUrl) {
  const std::map<std::string, Location> expected = {
      {"http://loki", {.host = "loki"}},
      {"http://Loki.Example:8080/a/b.gz?x=%20&y=/#part",
       {.host = "loki.example", .port = 8080, .target = "/a/b.gz?x=%20&y=/"}},
      {"HTTPS://loki/", {.secure = true, .host = "loki", .port = 443}},
      {"https://loki?x", {.secure = true, .host = "loki", .port = 443, .target = "/?x"}},
      {"http://[2001:DB8::7]/p", {.host = "2001:db8::7", .target = "/p"}},
      {"https://[::1]:8443", {.secure = true, .host = "::1", .port = 8443}}};
  for (const auto& [url, location] : expected) {
    EXPECT_EQ(parse_location(url), location) << url;
  }
}

TEST(Location, IsNoneForAnythingElse) {
  for (const auto* const url :
       {"", "loki", "ftp://loki/", "file:///etc/passwd", "http://", "http:///x", "http://:80/",
        "http://user:secret@loki/", "http://loki:0/", "http://loki:65536/", "http://loki:80x/",
        "http://loki:/", "http://[::1/", "http://[::1]x/", "http://loki/a b",
        "http://loki/\r\nHost: other", "http://l\xC3\xB6ki/"}) {
    EXPECT_EQ(parse_location(url), std::nullopt) << url;
  }
}

TEST(Location, FollowsARedirectToAUrlOrAPath) {
  const Location from{.secure = true, .host = "loki", .port = 8443, .target = "/a"};
  EXPECT_EQ(redirected(from, "/b?c"),
            (Location{.secure = true, .host = "loki", .port = 8443, .target = "/b?c"}));
  EXPECT_EQ(redirected(from, "http://other/b"), (Location{.host = "other", .target = "/b"}));
  for (const auto* const to : {"", "b", "../b", "//other/b", "/a b", "/\r\nX: y", "ftp://other/"}) {
    EXPECT_EQ(redirected(from, to), std::nullopt) << to;
  }
}

}  // namespace
}  // namespace charm::download
