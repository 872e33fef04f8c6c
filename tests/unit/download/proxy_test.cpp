// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "proxy.hpp"

#include <gtest/gtest.h>

namespace charm::download {
namespace {

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
