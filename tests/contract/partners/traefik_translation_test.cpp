// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "rehearsal/charms/traefik-k8s/translation.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace traefik_translation_test {

using nlohmann::json;
using rehearsal::nginx::HttpServer;
using rehearsal::nginx::Location;
using rehearsal::nginx::TcpServer;
using rehearsal::nginx::Upstream;

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

TEST(TraefikTranslation, RoutesWhatHockeypuckAsksFor) {
  const json bag = test::sample("traefik_route_requirer_hockeypuck_recon").at("app");
  const auto translation =
      traefik::translate(json::parse(bag.at("config").get<std::string>()), ports);
  EXPECT_EQ(translation.dropped, std::vector<std::string>{});
  EXPECT_EQ(translation.unknown, std::vector<std::string>{});
  const std::string hkp = "keyserver-hockeypuck-k8s-hkp";
  const std::string recon = "keyserver-hockeypuck-k8s-recon";
  const rehearsal::nginx::Configuration expected{
      .http_upstreams = {{.name = hkp,
                          .servers = {server(0, 11371), server(1, 11371), server(10, 11371)},
                          .checked = true}},
      .http_servers = {{.port = 11371, .locations = {{.match = "/", .upstream = hkp}}},
                       {.port = 80}},
      .tcp_upstreams = {{.name = recon, .servers = {server(0, 11370)}}},
      .tcp_servers = {{.port = 11370, .upstream = recon}}};
  EXPECT_EQ(translation.configuration, expected);
}

TEST(TraefikTranslation, StripsPrefixes) {
  const json recorded = test::sample("ingress_provider_traefik_path");
  const auto translation = traefik::translate(recorded.at("_traefik_dynamic_config").front(),
                                              {{"web", 80}, {"websecure", 443}});
  const std::string service = "juju-keyserver-hockeypuck-k8s-service";
  const HttpServer expected{.port = 80,
                            .locations = {{.match = "/keyserver-hockeypuck-k8s",
                                           .rewrite = "^(?:/keyserver-hockeypuck-k8s)/*(.*)$ /$1",
                                           .upstream = service}}};
  EXPECT_EQ(translation.configuration.http_servers, std::vector<HttpServer>{expected});
  EXPECT_EQ(
      translation.configuration.http_upstreams,
      (std::vector<Upstream>{{.name = service, .servers = {server(0, 11371), server(1, 11371)}}}));
}

TEST(TraefikTranslation, GivesEachHostItsOwnAndEverybodysPaths) {
  json both = http_router("Host(`A.example`, `b.example`) && PathPrefix(`/pks`) || Path(`/x`)");
  const auto servers = traefik::translate(both, {{"web", 80}}).configuration.http_servers;
  const Location exact{.match = "= /x", .upstream = "a"};
  const Location prefix{.match = "/pks", .upstream = "a"};
  EXPECT_EQ(servers, (std::vector<HttpServer>{
                         {.port = 80, .locations = {exact}},
                         {.port = 80, .host = "a.example", .locations = {prefix, exact}},
                         {.port = 80, .host = "b.example", .locations = {prefix, exact}}}));
}

TEST(TraefikTranslation, FiltersTcpClientsAsTheUpstreamCharmAsks) {
  const auto translation =
      traefik::translate(tcp_router("ClientIP(`0.0.0.0/0`)"), {{"recon", 11370}});
  EXPECT_EQ(translation.configuration.tcp_servers,
            (std::vector<TcpServer>{{.port = 11370, .allowed = {"0.0.0.0/0"}, .upstream = "a"}}));
}

TEST(TraefikTranslation, DropsTheRoutersThatTraefikDrops) {
  const auto dropped = [](const json& dynamic) {
    const auto translation = traefik::translate(dynamic, ports);
    EXPECT_EQ(translation.unknown, std::vector<std::string>{});
    EXPECT_TRUE(translation.configuration.tcp_servers.empty());
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
  EXPECT_EQ(unknown(http_router("Path(`/`)", {{"priority", 3}})), 1U);
  EXPECT_EQ(unknown(http_router("PathPrefix(`/a;b`)")), 1U);
  EXPECT_EQ(unknown({{"udp", {{"routers", {{"a", {{"service", "a"}}}}}}}}), 1U);
  EXPECT_EQ(unknown(http_router("Path(`/`)")), 0U);
}

TEST(TraefikTranslation, RefusesTwoRoutersForTheSameConnections) {
  json two = tcp_router("HostSNI(`*`)");
  two["tcp"]["routers"]["b"] = two["tcp"]["routers"]["a"];
  EXPECT_EQ(traefik::translate(two, ports).unknown.size(), 1U);
  json http = http_router("PathPrefix(`/`)");
  http["http"]["routers"]["b"] = http["http"]["routers"]["a"];
  EXPECT_EQ(traefik::translate(http, ports).unknown.size(), 1U);
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
