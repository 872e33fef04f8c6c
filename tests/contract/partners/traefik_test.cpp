// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "rehearsal/charms/traefik-k8s/configuration.hpp"
#include "rehearsal/charms/traefik-k8s/requests.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace traefik_test {

using nlohmann::json;
using traefik::Edge;

const Edge by_address{.host = "10.43.8.34"};
const Edge by_name{.host = "keys.example.com"};
const Edge by_subdomain{.host = "keys.example.com", .subdomain = true};

charm::Relation two_units(const std::string& name = "ingress_requirer_leader_strip_prefix") {
  return test::requirer("ingress", name, {"ingress_requirer_nonleader_unit1"});
}

/// A case recorded from the original.
struct IngressCase {
  std::string provider;
  charm::Relation requirer;
  Edge edge;
};

void PrintTo(const IngressCase& shown, std::ostream* out) {
  *out << shown.provider;
}

class IngressAnswer : public testing::TestWithParam<IngressCase> {};

TEST_P(IngressAnswer, IsThatOfTheOriginal) {
  const auto& [provider, requirer, edge] = GetParam();
  const json recorded = test::sample("ingress_provider_" + provider);
  std::string reason;
  const auto request = traefik::read_ingress_request(requirer, reason);
  ASSERT_TRUE(request) << reason;
  EXPECT_EQ(json::parse(recorded.at("app").at("ingress").get<std::string>()).at("url"),
            traefik::ingress_url(*request, edge));
  const json files = {{traefik::file_name("ingress", requirer.id, requirer.remote_app),
                       traefik::ingress_configuration(*request, edge)}};
  EXPECT_EQ(recorded.at("_traefik_dynamic_config"), files);
}

INSTANTIATE_TEST_SUITE_P(Recorded, IngressAnswer,
                         testing::Values(IngressCase{"traefik_path", two_units(), by_address},
                                         IngressCase{"traefik_path_hostname", two_units(), by_name},
                                         IngressCase{"traefik_subdomain", two_units(),
                                                     by_subdomain}),
                         [](const auto& one) { return one.param.provider; });

TEST(TraefikPartner, TakesTheDatabagThatTheOriginalWasTriedWith) {
  const json recorded = test::sample("ingress_requirer_recommended");
  std::string reason;
  const auto request = traefik::read_ingress_request(
      test::requirer("ingress", "ingress_requirer_recommended"), reason);
  ASSERT_TRUE(request) << reason;
  const json files = {{traefik::file_name("ingress", 4, "hockeypuck-k8s"),
                       traefik::ingress_configuration(*request, by_name)}};
  EXPECT_EQ(recorded.at("_verified").at("traefik_dynamic"), files);
}

/// The partner's complaint about the databag with one value changed; empty if it accepts the value.
std::string refusal(const std::string& key, const std::string& value, bool of_unit = false) {
  charm::Relation relation = two_units();
  (of_unit ? relation.remote_units["hockeypuck-k8s/1"] : relation.remote_app_data)[key] = value;
  std::string reason;
  const auto request = traefik::read_ingress_request(relation, reason);
  return request ? "" : reason;
}

TEST(TraefikPartner, RefusesAnIngressThatTheOriginalRefuses) {
  EXPECT_EQ(refusal("port", "65535"), "port is not a number from 1 to 65534");
  EXPECT_EQ(refusal("port", "65534"), "");
  EXPECT_NE(refusal("port", "\"11371\""), "");
  EXPECT_NE(refusal("model", "keyserver"), "") << "not JSON";
  EXPECT_NE(refusal("scheme", "\"ftp\""), "");
  EXPECT_NE(refusal("strip-prefix", "True"), "");
  EXPECT_NE(refusal("healthcheck_params", "{}"), "");
  EXPECT_NE(refusal("host", "null", true), "");
  EXPECT_NE(refusal("ip", "\"10.1.42\"", true), "");
}

TEST(TraefikPartner, TakesAnIngressThatTheOriginalTakes) {
  EXPECT_EQ(refusal("unknown", "\"key\""), "");
  EXPECT_EQ(refusal("ip", "null", true), "");
  EXPECT_EQ(refusal("host", "\"10.1.42.8\"", true), "");
  EXPECT_EQ(refusal("scheme", "\"h2c\""), "");
}

TEST(TraefikPartner, RefusesTheApplicationForOneUnitWithoutHost) {
  charm::Relation relation = two_units();
  relation.remote_units["hockeypuck-k8s/1"].erase("host");
  std::string reason;
  EXPECT_FALSE(traefik::read_ingress_request(relation, reason));
  EXPECT_EQ(reason, "host is not a string");
}

/// The partner's result for a requirer's recorded databag.
struct RouteCase {
  std::string provider;
  std::string requirer;
};

void PrintTo(const RouteCase& shown, std::ostream* out) {
  *out << shown.provider;
}

class RouteAnswer : public testing::TestWithParam<RouteCase> {};

TEST_P(RouteAnswer, IsThatOfTheOriginal) {
  const json recorded = test::sample("traefik_route_provider_" + GetParam().provider);
  charm::Relation relation =
      test::requirer("traefik-route", "traefik_route_requirer_" + GetParam().requirer);
  relation.id = 6;
  const auto request =
      traefik::read_route_request(relation, recorded.at("app").at("external_host"));
  const json files = {
      {traefik::file_name("traefik-route", relation.id, relation.remote_app), request.dynamic_}};
  EXPECT_EQ(recorded.at("_traefik_dynamic_config"), files);
  EXPECT_EQ(recorded.at("_traefik_static_entrypoints"),
            traefik::merge_static({request.static_}).value.at("entryPoints"));
}

INSTANTIATE_TEST_SUITE_P(Recorded, RouteAnswer,
                         testing::Values(RouteCase{"ip_http", "tcp_raw_hostsni"},
                                         RouteCase{"hostname_http", "recommended"},
                                         RouteCase{"nonraw_http", "http_nonraw"},
                                         RouteCase{"nonraw_tcp", "tcp_nonraw"}),
                         [](const auto& one) { return one.param.provider; });

traefik::RouteRequest route_of(const charm::Databag& bag) {
  return traefik::read_route_request({.id = 6, .remote_app_data = bag}, "keys.example.com");
}

TEST(TraefikPartner, TakesNothingButTrueForRaw) {
  const std::string config = R"json({"tcp": {"routers": {"a": {"entryPoints": ["recon"],
                                 "rule": "HostSNI(`*`)", "service": "a"}}}})json";
  const auto routers = [&config](const charm::Databag& more) {
    charm::Databag bag = more;
    bag["config"] = config;
    return route_of(bag).dynamic_.at("tcp").at("routers").size();
  };
  EXPECT_EQ(routers({{"raw", "True"}}), 1U);
  EXPECT_EQ(routers({{"raw", "true"}}), 2U);
  EXPECT_EQ(routers({{"raw", "\"True\""}}), 2U);
  EXPECT_EQ(routers({}), 2U);
}

TEST(TraefikPartner, IgnoresAConfigurationThatIsNoMapping) {
  for (const char* text : {"[]", "a: b: c", "text", "{"}) {
    const auto request = route_of({{"config", text}, {"raw", "True"}});
    EXPECT_TRUE(request.present);
    EXPECT_TRUE(request.dynamic_.is_null()) << text;
  }
  EXPECT_FALSE(route_of({}).present);
  EXPECT_EQ(route_of({{"config", "{}"}}).dynamic_, json::object());
}

TEST(TraefikPartner, FailsItsHookOnNullsThatTheOriginalWalksInto) {
  for (const char* text : {"tcp:", "tcp: {routers: }", "http: {routers: {a: }}"}) {
    EXPECT_THROW(route_of({{"config", text}}), charm::Error) << text;
    EXPECT_NO_THROW(route_of({{"config", text}, {"raw", "True"}})) << text;
  }
}

traefik::StaticConfiguration merged(const json& entry_points) {
  return traefik::merge_static({{{"entryPoints", entry_points}}});
}

TEST(TraefikPartner, FailsItsHookOnEntryPointsThatTheOriginalFailsOn) {
  EXPECT_THROW(merged({{"recon", {{"address", ":11370/tcp"}}}}), charm::Error);
  EXPECT_THROW(merged({{"recon", {{"address", "host:11370"}}}}), traefik::BadAddress);
  EXPECT_THROW(merged({{"recon", {{"address", "0.0.0.0:11370"}}}}), traefik::BadAddress);
  EXPECT_THROW(merged({{"recon", {{"address", "localhost"}}}}), traefik::BadAddress);
  EXPECT_THROW(merged({{"recon", nullptr}}), charm::Error);
  EXPECT_THROW(merged(nullptr), charm::Error);
  EXPECT_THROW(merged({{"recon", {{"address", ":80"}}}}), charm::Error) << "Traefik's own port";
  EXPECT_THROW(merged({{"web", {{"address", ":81"}}}}), charm::Error) << "Traefik's own name";
  EXPECT_THROW(merged({{"Recon_1", {{"address", ":11370"}}}}), charm::Error) << "not a DNS label";
}

TEST(TraefikPartner, TakesAnEntryPointOfUdp) {
  const auto configuration = merged({{"recon", {{"address", ":11370/udp"}}}});
  EXPECT_EQ(configuration.conflicts.size(), 0U);
  EXPECT_EQ(configuration.value.at("/entryPoints/recon/address"_json_pointer), ":11370/udp");
  EXPECT_EQ(traefik::entry_points(configuration.value).count("recon"), 0U);
}

TEST(TraefikPartner, SharesAnEntryPointOfTheSameNameAndPortAndNoOther) {
  const auto block = [](const std::string& name, const std::string& address) {
    return json{{"entryPoints", {{name, {{"address", address}}}}}};
  };
  const auto both = traefik::merge_static({block("recon", ":11370"), block("recon", ":11370")});
  EXPECT_EQ(traefik::entry_points(both.value),
            (std::map<std::string, int>{
                {"diagnostics", 8082}, {"recon", 11370}, {"web", 80}, {"websecure", 443}}));
  EXPECT_THROW(traefik::merge_static({block("recon", ":11370"), block("other", ":11370")}),
               charm::Error);
}

TEST(TraefikPartner, DropsAStaticBlockThatContradictsAndKeepsItsEntryPoints) {
  const json block = {{"entryPoints",
                       {{"recon",
                         {{"address", ":11370"},
                          {"transport", {{"respondingTimeouts", {{"readTimeout", "60s"}}}}}}}}}};
  const auto result = traefik::merge_static({block});
  EXPECT_EQ(result.conflicts.size(), 1U);
  EXPECT_EQ(traefik::entry_points(result.value).at("recon"), 11370);
}

/// The reason why no route of any application is loaded.
std::string refused(const std::string& config) {
  const traefik::Files files = {{"juju_ingress_traefik-route_6_keys.yaml", json::parse(config)},
                                {"juju_ingress_ingress_4_other.yaml", json::object()}};
  return traefik::load(files).refused;
}

TEST(TraefikPartner, RefusesAllRoutesForOneFileThatTraefikRefuses) {
  EXPECT_NE(refused(R"({"tcp": {}})"), "");
  EXPECT_NE(refused(R"({"tcp": null})"), "");
  EXPECT_NE(refused(R"({"http": {"routers": {}}})"), "");
  EXPECT_NE(refused(R"({"http": {"routers": {"a": {"rules": "x"}}}})"), "") << "unknown field";
  EXPECT_NE(refused(R"({"htp": {"routers": {"a": {"rule": "x"}}}})"), "") << "unknown section";
  EXPECT_NE(refused(R"({"http": {"routers": {"a": {"rule": "{{x}}"}}}})"), "") << "a template";
  EXPECT_EQ(refused(R"({"http": {"routers": {"a": {"rule": "x"}}}})"), "");
  const auto checked_each = [](const std::string& interval) {
    return refused(
        R"({"http": {"services": {"a": {"loadBalancer": {"servers": [{"url": "http://a"}],
                      "healthCheck": {"path": "/", "interval": )" +
        interval + "}}}}}}");
  };
  EXPECT_NE(checked_each("\"soon\""), "");
  EXPECT_EQ(checked_each("\"1m30s\""), "");
  EXPECT_EQ(checked_each("\"10\""), "");
  EXPECT_EQ(checked_each("10"), "");
  const json ours = test::sample("traefik_route_requirer_hockeypuck_recon").at("app");
  EXPECT_EQ(refused(ours.at("config")), "");
}

TEST(TraefikPartner, LeavesOutAFileWithANameThatAnotherHas) {
  const json config = json::parse(
      test::sample("traefik_route_requirer_recommended").at("app").at("config").get<std::string>());
  const auto loaded = traefik::load({{"1", config}, {"2", config}});
  EXPECT_EQ(
      loaded.problems,
      (std::vector<std::string>{
          "2: ignored, because an earlier file has /tcp/routers/keyserver-hockeypuck-k8s-recon"}));
  EXPECT_EQ(loaded.value, config);
}

}  // namespace traefik_test
