// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/partner_test.hpp"

#include <nlohmann/json.hpp>

namespace traefik_live_test {

using nlohmann::json;

/// A model with the partner and its client, run by the real `rehearse`.
class TraefikLive : public test::LiveModel {
 protected:
  TraefikLive() : LiveModel("proxies") {}

  void SetUp() override {
    LiveModel::SetUp();
    if (IsSkipped()) {
      return;
    }
    deploy_partner("traefik-k8s");
    deploy_counterpart("proxy_client");
    rehearse({"config", "traefik-k8s", "external_hostname=edge.example.com"});
  }

  void integrate(const std::string& endpoint) const {
    rehearse({"integrate", "client:" + endpoint, "traefik-k8s"});
  }

  /// Makes the client write another databag.
  void write(const std::string& option, const json& bag) const {
    attempt({"config", "client", option + "=" + bag.dump()});
  }

  void write_route(const std::string& config, const std::string& entry_points) const {
    write("traefik-route-app",
          {{"raw", "True"}, {"config", config}, {"static", "entryPoints: " + entry_points}});
  }

  void update_status() const { attempt({"advance", "5m"}); }

  /// A key of the partner's answer on any relation; empty if it does not exist.
  std::string answer(const std::string& key) const {
    const json model = kept();
    for (const json& relation : model.at("relations")) {
      const json& bags = relation.at(1).at("app_bags");
      if (bags.contains("traefik-k8s") && bags["traefik-k8s"].contains(key)) {
        return bags["traefik-k8s"][key];
      }
    }
    return {};
  }

  std::string status() const {
    const json shown = json::parse(rehearse({"status", "--format", "json"}));
    const json& unit = shown.at("applications").at("traefik-k8s").at("units").at("traefik-k8s/0");
    const json& workload = unit.at("workload-status");
    return workload.at("current").get<std::string>() + ": " + workload.value("message", "");
  }

  bool routes(const std::string& server) const {
    return attempt({"exec", "traefik-k8s/0", "--container", "traefik", "--", "grep", "-q",
                    " " + server, "/srv/proxy.conf"})
               .status == 0;
  }

  static inline const std::string serving = "active: Serving at http://edge.example.com";
  static inline const std::string failed = "blocked: setup of some ingress relation failed";
  static inline const std::string route =
      "tcp: {routers: {a: {entryPoints: [talk], rule: 'HostSNI(`*`)', service: a}}, services: {a: "
      "{loadBalancer: {servers: [{address: 'client-0:99'}]}}}}";
};

TEST_F(TraefikLive, TakesTheUrlBackAtTheNextUpdateStatusForOneUnitWithoutHost) {
  integrate("ingress");
  EXPECT_EQ(answer("ingress"), R"({"url": "http://edge.example.com/shop-client"})");
  EXPECT_TRUE(routes("client-0:8080"));
  EXPECT_EQ(status(), serving);
  write("ingress-unit", {{"host", ""}});
  EXPECT_NE(answer("ingress"), "") << "not yet";
  update_status();
  EXPECT_EQ(answer("ingress"), "");
  EXPECT_FALSE(routes("client-0:8080"));
  EXPECT_EQ(status(), failed);
  write("ingress-unit", {{"host", "\"client-0\""}});
  EXPECT_NE(answer("ingress"), "");
}

TEST_F(TraefikLive, IsBlockedByARequirerThatSaysNothingAndServesTheOthers) {
  integrate("ingress");
  integrate("traefik-route");
  EXPECT_EQ(status(), serving);
  update_status();
  EXPECT_EQ(status(), failed);
  EXPECT_TRUE(routes("client-0:8080"));
}

TEST_F(TraefikLive, ChangesNoRouteOfAnybodyWhileTraefikRefusesOneFile) {
  integrate("ingress");
  integrate("traefik-route");
  write_route("tcp: {}", "{talk: {address: ':99'}}");
  write("ingress-app", {{"port", "8081"}});
  EXPECT_FALSE(routes("client-0:8081"));
  EXPECT_EQ(status(), serving) << "the charm knows nothing of it";
  EXPECT_NE(rehearse({"debug-log"}).find("updates no route of any application"), std::string::npos);
  write_route(route, "{talk: {address: ':99'}}");
  EXPECT_TRUE(routes("client-0:8081"));
  EXPECT_TRUE(routes("client-0:99"));
  EXPECT_EQ(answer("external_host"), "edge.example.com");
  write_route("{}", "{talk: {address: ':99'}}");
  EXPECT_FALSE(routes("client-0:99"));
  update_status();
  EXPECT_EQ(status(), serving);
}

TEST_F(TraefikLive, FailsItsHookOnAnAddressThatIsNoPort) {
  integrate("traefik-route");
  write_route(route, "{talk: {address: ':99/tcp'}}");
  EXPECT_NE(status().find("error: hook failed: \"traefik-route-relation-changed\""),
            std::string::npos)
      << status();
}

TEST_F(TraefikLive, IsBlockedByAnAddressWithAHostAndFailsFromThenOn) {
  integrate("traefik-route");
  write_route(route, "{talk: {address: 'host:99'}}");
  EXPECT_EQ(status().substr(0, 8), "blocked:");
  update_status();
  EXPECT_NE(status().find("error: hook failed: \"update-status\""), std::string::npos) << status();
}

}  // namespace traefik_live_test
