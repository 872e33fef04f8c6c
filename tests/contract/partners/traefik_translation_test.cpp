// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "rehearsal/charms/traefik-k8s/routers.hpp"
#include "rehearsal/charms/traefik-k8s/translation.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace traefik_translation_test {

using nlohmann::json;

const std::map<std::string, int> ports = {
    {"diagnostics", 8082}, {"hkp", 11371}, {"recon", 11370}, {"web", 80}, {"websecure", 443}};

std::string server(int unit, int port) {
  const std::string number = std::to_string(unit);
  return "hockeypuck-k8s-" + number +
         ".hockeypuck-k8s-endpoints.keyserver.svc.cluster.local:" + std::to_string(port);
}

json http_router(const std::string& rule, const json& more = json::object()) {
  json router = {{"entryPoints", {"web"}}, {"rule", rule}, {"service", "a"}};
  router.update(more);
  return {{"http",
           {{"routers", {{"a", router}}},
            {"services", {{"a", {{"loadBalancer", {{"servers", {{{"url", "http://a:1"}}}}}}}}}}}}};
}

json tcp_router(const std::string& rule, const std::string& entry_point = "recon") {
  const json router = {{"entryPoints", {entry_point}}, {"rule", rule}, {"service", "a"}};
  return {{"tcp",
           {{"routers", {{"a", router}}},
            {"services", {{"a", {{"loadBalancer", {{"servers", {{{"address", "a:1"}}}}}}}}}}}}};
}

/// Whether these lines follow each other directly.
::testing::AssertionResult has(const traefik::Translation& translation, const std::string& lines) {
  if (translation.configuration.find("\n" + lines) != std::string::npos) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << translation.configuration;
}

TEST(TraefikTranslation, RoutesWhatHockeypuckAsksFor) {
  const json bag = test::sample("traefik_route_requirer_hockeypuck_recon").at("app");
  const auto translation =
      traefik::translate(json::parse(bag.at("config").get<std::string>()), ports);
  EXPECT_EQ(translation.dropped, std::vector<std::string>{});
  EXPECT_EQ(translation.unknown, std::vector<std::string>{});
  EXPECT_TRUE(has(translation, "  server s0 " + server(0, 11371) +
                                   " check rise 1 fall 1 inter 2s\n"
                                   "  server s1 " +
                                   server(1, 11371) +
                                   " check rise 1 fall 1 inter 2s\n"
                                   "  server s2 " +
                                   server(10, 11371) + " check"));
  EXPECT_TRUE(has(translation, "  mode tcp\n  server s0 " + server(0, 11370) + "\n"));
  EXPECT_TRUE(has(translation,
                  "frontend recon\n  mode tcp\n  bind :11370\n"
                  "  default_backend tcp-keyserver-hockeypuck-k8s-recon\n"));
  EXPECT_TRUE(has(translation, "frontend hkp\n  bind :11371\n"));
  EXPECT_TRUE(has(translation, "frontend web\n  bind :80\n")) << "it answers 404";
}

TEST(TraefikTranslation, StripsPrefixes) {
  const json recorded = test::sample("ingress_provider_traefik_path");
  const auto translation = traefik::translate(recorded.at("_traefik_dynamic_config").front(),
                                              {{"web", 80}, {"websecure", 443}});
  EXPECT_EQ(translation.unknown, std::vector<std::string>{});
  EXPECT_NE(translation.configuration.find("{ path_beg /keyserver-hockeypuck-k8s }\n"),
            std::string::npos);
  EXPECT_NE(translation.configuration.find(
                "  http-request replace-path ^(?:/keyserver-hockeypuck-k8s)/*(.*)$ /\\1 if"),
            std::string::npos);
  EXPECT_TRUE(has(translation,
                  "  server s0 " + server(0, 11371) + "\n  server s1 " + server(1, 11371) + "\n"));
}

TEST(TraefikTranslation, GivesARequestToTheRouterWithTheLongestRule) {
  json both = http_router("PathPrefix(`/`)");
  both["http"]["routers"]["b"] = {{"entryPoints", {"web"}},
                                  {"rule",
                                   "Host(`A.example`, `b.example`) && Method(`POST`) || "
                                   "Path(`/x`)"},
                                  {"service", "a"}};
  const auto translation = traefik::translate(both, {{"web", 80}});
  const std::string first = "  http-request set-var(txn.router) str(";
  const std::string unless = ") if !{ var(txn.router) -m found } ";
  EXPECT_TRUE(has(translation, first + "b" + unless +
                                   "{ req.hdr(host),field(1,:) -i A.example b.example } "
                                   "{ method POST }\n" +
                                   first + "b" + unless + "{ path /x }\n" + first + "a" + unless +
                                   "{ path_beg / }\n"));
  both["http"]["routers"]["a"]["priority"] = 1000;
  EXPECT_TRUE(has(traefik::translate(both, {{"web", 80}}),
                  first + "a" + unless + "{ path_beg / }\n" + first + "b"));
}

TEST(TraefikTranslation, LimitsRequests) {
  json limited = http_router("PathPrefix(`/`)", {{"middlewares", {"body", "flight", "rate"}}});
  limited["http"]["middlewares"] = {
      {"body", {{"buffering", {{"maxRequestBodyBytes", 1000}}}}},
      {"flight", {{"inFlightReq", {{"amount", 7}}}}},
      {"rate",
       {{"rateLimit",
         {{"average", 5}, {"burst", 20}, {"sourceCriterion", {{"ipStrategy", {{"depth", 0}}}}}}}}}};
  const auto translation = traefik::translate(limited, {{"web", 80}});
  EXPECT_EQ(translation.unknown, std::vector<std::string>{});
  const std::string taken = " { var(txn.router) -m str a }\n";
  EXPECT_TRUE(has(translation,
                  "  http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1000 }" +
                      taken + "  http-request track-sc0 req.hdr(host) table table-flight if" +
                      taken + "  http-request deny deny_status 429 if { sc_conn_cur(0) gt 7 }" +
                      taken + "  http-request track-sc1 src table table-rate if" + taken +
                      "  http-request deny deny_status 429 if { sc_gpc0_rate(1) ge 70 }" + taken +
                      "  http-request sc-inc-gpc0(1) if" + taken));
}

TEST(TraefikTranslation, FindsClientsBehindTrustedProxiesAndReplacesTheirHeaders) {
  json behind = http_router("PathPrefix(`/`)", {{"middlewares", {"rate"}}});
  behind["http"]["middlewares"] = {
      {"rate",
       {{"rateLimit",
         {{"average", 5},
          {"sourceCriterion", {{"ipStrategy", {{"excludedIPs", {"10.2.0.0/16"}}}}}}}}}}};
  const std::string taken = " { var(txn.router) -m str a }\n";
  const std::string text = traefik::translate(behind, {{"web", 80}}).configuration;
  const auto client = text.find(
      "  http-request set-var(txn.client) req.hdr_ip(x-forwarded-for,-1) if { src 10.2.0.0/16 }" +
      taken + "  http-request track-sc0 var(txn.client) table table-rate if" + taken);
  EXPECT_NE(client, std::string::npos) << text;
  EXPECT_GT(text.find("  http-request set-header X-Forwarded-For %[src]\n"), client);
  EXPECT_NE(text.find("  http-request set-header X-Forwarded-Proto http\n"), std::string::npos);
}

TEST(TraefikTranslation, ConnectsAgainWhereARouterAsksForIt) {
  json again = http_router("PathPrefix(`/`)", {{"middlewares", {"again"}}});
  again["http"]["middlewares"] = {{"again", {{"retry", {{"attempts", 3}}}}}};
  again["http"]["services"]["a"]["loadBalancer"]["serversTransport"] = "quick";
  again["http"]["serversTransports"] = {
      {"quick", {{"forwardingTimeouts", {{"dialTimeout", "1s"}}}}}};
  EXPECT_TRUE(has(traefik::translate(again, {{"web", 80}}),
                  "backend http-a\n  retries 2\n  option redispatch 1\n  timeout connect 1s\n"
                  "  server s0 a:1\n"));
}

TEST(TraefikTranslation, FiltersTcpClientsAsTheUpstreamCharmAsks) {
  EXPECT_TRUE(has(traefik::translate(tcp_router("ClientIP(`10.0.0.0/8`)"), {{"recon", 11370}}),
                  "  tcp-request connection reject unless { src 10.0.0.0/8 }\n"));
}

TEST(TraefikTranslation, DropsTheRoutersThatTraefikDrops) {
  const auto dropped = [](const json& dynamic) {
    const auto translation = traefik::translate(dynamic, ports);
    EXPECT_EQ(translation.unknown, std::vector<std::string>{});
    EXPECT_EQ(translation.configuration.find("backend http-a"), std::string::npos);
    EXPECT_EQ(translation.configuration.find("backend tcp-a"), std::string::npos);
    return translation.dropped.size();
  };
  EXPECT_EQ(dropped(tcp_router("HostSNI(`keys.example.com`)")), 1U);
  EXPECT_EQ(dropped(tcp_router("HostSNI(`*`)", "nowhere")), 1U);
  EXPECT_EQ(dropped(http_router("Path(`/`)", {{"service", "nobody"}})), 1U);
  EXPECT_EQ(dropped(http_router("Path(`/`)", {{"tls", json::object()}})), 1U);
  EXPECT_EQ(dropped(http_router("Path(`/`)", {{"middlewares", {"nothing"}}})), 1U);
  for (const char* rule : {"", "Path", "Path(`/`", "Path(`/`) &&", "Path(`/`) Host(`a`)",
                           "Pfad(`/`)", "Path()", "Path(/)", "(Path(`/`)", "rubbish"}) {
    EXPECT_EQ(dropped(http_router(rule)), 1U) << rule;
    EXPECT_EQ(dropped(tcp_router(rule)), 1U) << rule;
  }
}

TEST(TraefikTranslation, SaysWhatItDoesNotKnow) {
  const auto unknown = [](const json& dynamic) {
    const auto translation = traefik::translate(dynamic, ports);
    EXPECT_EQ(translation.dropped, std::vector<std::string>{});
    return translation.unknown.size();
  };
  EXPECT_EQ(unknown(http_router("HostRegexp(`{a:.*}`)")), 1U);
  EXPECT_EQ(unknown(http_router("!Path(`/`)")), 1U);
  EXPECT_EQ(unknown(http_router("(Path(`/`))")), 1U);
  EXPECT_EQ(unknown(http_router("!(Path(`/`) || Host(\"a\")) && method(`GET`, `PUT`)")), 1U);
  EXPECT_EQ(unknown(http_router("PathPrefix(`/a;b`)")), 1U);
  EXPECT_EQ(unknown({{"udp", {{"routers", {{"a", {{"service", "a"}}}}}}}}), 1U);
  EXPECT_EQ(unknown(http_router("Path(`/`)")), 0U);
}

TEST(TraefikTranslation, RefusesTwoRoutersForTheSameConnections) {
  json two = tcp_router("HostSNI(`*`)");
  two["tcp"]["routers"]["b"] = two["tcp"]["routers"]["a"];
  EXPECT_EQ(traefik::translate(two, ports).unknown.size(), 1U);
  json mixed = tcp_router("HostSNI(`*`)");
  mixed.update(http_router("Path(`/`)", {{"entryPoints", {"recon"}}}));
  EXPECT_EQ(traefik::translate(mixed, ports).unknown.size(), 1U);
}

TEST(TraefikRule, ReadsMatchersAndRefusesTheRest) {
  EXPECT_EQ(traefik::parse_rule("Host(`a`,`b`) && Path(`/`)||X(`y`)"),
            (traefik::Rule{{{"Host", {"a", "b"}}, {"Path", {"/"}}}, {{"X", {"y"}}}}));
  for (const char* text : {"", "Host", "Host()", "Host(a)", "Host(`a`", "Host(`a)", "Host(`a`) &&",
                           "Host(`a`) Path(`b`)", "&& Host(`a`)"}) {
    EXPECT_THROW(traefik::parse_rule(text), charm::Error) << text;
  }
}

}  // namespace traefik_translation_test
