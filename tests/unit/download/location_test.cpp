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

Databag proxies(const std::string& none = {}) {
  return {{"JUJU_CHARM_HTTP_PROXY", "http://plain.example:3128"},
          {"JUJU_CHARM_HTTPS_PROXY", "http://secure.example:3129/"},
          {"JUJU_CHARM_NO_PROXY", none}};
}

TEST(Proxy, GoesByTheScheme) {
  EXPECT_EQ(proxy_for({.host = "loki"}, proxies()), (Proxy{.host = "plain.example", .port = 3128}));
  EXPECT_EQ(proxy_for({.secure = true, .host = "loki", .port = 443}, proxies()),
            (Proxy{.host = "secure.example", .port = 3129}));
  EXPECT_EQ(proxy_for({.host = "loki"}, {}), std::nullopt);
}

TEST(Proxy, MayWantALogin) {
  EXPECT_EQ(proxy_for({.host = "loki"}, {{"JUJU_CHARM_HTTP_PROXY", "http://me:p:w@proxy:3128"}}),
            (Proxy{.host = "proxy", .port = 3128, .user = "me", .password = "p:w"}));
  EXPECT_EQ(proxy_for({.host = "loki"}, {{"JUJU_CHARM_HTTP_PROXY", "proxy"}}),
            (Proxy{.host = "proxy", .port = 80}));
}

TEST(Proxy, MayHaveALoginWithEscapes) {
  const auto with_login = [](const std::string& login) {
    return proxy_for({.host = "loki"},
                     {{"JUJU_CHARM_HTTP_PROXY", "http://" + login + "@proxy:3128"}});
  };
  EXPECT_EQ(with_login("me:p%40ss"),
            (Proxy{.host = "proxy", .port = 3128, .user = "me", .password = "p@ss"}));
  EXPECT_EQ(with_login("m%3ae:%2F%25"),
            (Proxy{.host = "proxy", .port = 3128, .user = "m:e", .password = "/%"}));
  for (const std::string password : {"100%", "%4", "5%zz", "%g1"}) {
    EXPECT_EQ(with_login("me:" + password),
              (Proxy{.host = "proxy", .port = 3128, .user = "me", .password = password}));
  }
}

TEST(Proxy, IsNoneWhereItIsNoHttpProxy) {
  for (const auto* const text : {"https://proxy:3128", "socks5://proxy", "http://", "pro xy"}) {
    EXPECT_EQ(proxy_for({.host = "loki"}, {{"JUJU_CHARM_HTTP_PROXY", text}}), std::nullopt) << text;
  }
}

TEST(Proxy, IsNotUsedForWhatNoProxyNames) {
  const Location name{.host = "loki-0.cos.svc.cluster.local", .port = 3100};
  for (const auto* const list : {"*", "a, loki-0.cos.svc.cluster.local ,b", "svc.cluster.local",
                                 ".cluster.local", "cluster.local:3100"}) {
    EXPECT_EQ(proxy_for(name, proxies(list)), std::nullopt) << list;
  }
  for (const auto* const list : {"", ",,", "loki-0", "ster.local", "cluster.local:80",
                                 ".loki-0.cos.svc.cluster.local", "10.0.0.0/8"}) {
    EXPECT_TRUE(proxy_for(name, proxies(list))) << list;
  }
}

TEST(Proxy, IsNotUsedForAddressesOfANetworkThatNoProxyNames) {
  const Location v4{.host = "10.1.2.3"};
  for (const auto* const list : {"10.1.2.3", "10.0.0.0/8", "10.1.2.2/31", "0.0.0.0/0"}) {
    EXPECT_EQ(proxy_for(v4, proxies(list)), std::nullopt) << list;
  }
  for (const auto* const list :
       {"10.1.2.4", "10.1.2.4/31", "10.0.0.0/x", "10.0.0.0/99", "fd00::/8"}) {
    EXPECT_TRUE(proxy_for(v4, proxies(list))) << list;
  }
  const Location v6{.host = "fd00::7"};
  for (const auto* const list : {"fd00::7", "[fd00::7]:80", "fd00::/8"}) {
    EXPECT_EQ(proxy_for(v6, proxies(list)), std::nullopt) << list;
  }
  EXPECT_TRUE(proxy_for(v6, proxies("fe80::/10")));
}

}  // namespace
}  // namespace charm::download
