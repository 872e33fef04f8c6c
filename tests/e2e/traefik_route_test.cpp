// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/edge.hpp"
#include "tests/e2e/rehearsal_test.hpp"

namespace test {
namespace {

const std::string peer = "external-peers=192.0.2.7,11371,11370";

class TraefikRoute : public RehearsalTest {
 protected:
  TraefikRoute() : edge_(model, "traefik-k8s/0") {}

  void deploy_behind_traefik(const std::vector<std::string>& options = {}) {
    model.deploy_all();
    model.rehearse({"deploy", "traefik-k8s"});
    model.rehearse({"integrate", "hockeypuck-k8s:traefik-route", "traefik-k8s"});
    if (!options.empty()) {
      model.config(options);
    }
    ASSERT_TRUE(model.becomes("active"));
  }

  std::string hkp(const std::string& path) { return "http://" + edge_.address() + ":11371" + path; }

  static std::string server(int unit, int port) {
    return "hockeypuck-k8s-" + std::to_string(unit) +
           ".hockeypuck-k8s-endpoints.keys.svc.cluster.local:" + std::to_string(port);
  }

  /// A connection gets a keyserver's greeting once the routes are loaded.
  bool comes_to_greet() {
    for (int attempt = 0; attempt < 10; ++attempt) {
      if (edge_.greeting(11370) > 0) {
        return true;
      }
    }
    return false;
  }

  Edge edge_;
};

TEST_F(TraefikRoute, BringsHkpToItsOwnPort) {
  deploy_behind_traefik();
  EXPECT_EQ(model.status("traefik-k8s/0"),
            (ShownStatus{"active", "Serving at http://" + edge_.address()}));
  EXPECT_TRUE(edge_.comes_to_answer(200, hkp("/pks/lookup?op=stats")));
  EXPECT_EQ(edge_.http_status(hkp("/")), 200) << "the pages";
  ASSERT_TRUE(edge_.upload("alice"));
  EXPECT_TRUE(edge_.comes_to_have(alice, 5));
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_NE(configuration().find("hostname = \"" + edge_.address() + "\""), std::string::npos);
  expect_settled();
}

TEST_F(TraefikRoute, GivesNoAdviceOnThePathOfTheIngress) {
  deploy_behind_traefik();
  model.rehearse({"integrate", "hockeypuck-k8s:ingress", "traefik-k8s"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(model.status(), active);
  EXPECT_TRUE(edge_.comes_to_answer(
      200, "http://" + edge_.address() + "/keys-hockeypuck-k8s/pks/lookup?op=stats"));
}

TEST_F(TraefikRoute, LetsKeyserversInThroughTheProxyOnlyOnceThereArePeers) {
  deploy_behind_traefik();
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{server(0, 11371)});
  EXPECT_EQ(edge_.greeting(11370), 0U);
  model.config({peer});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(edge_.servers(), (std::vector<std::string>{server(0, 11371), server(0, 11370)}));
  EXPECT_TRUE(comes_to_greet());
  model.config({"external-peers="});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{server(0, 11371)});
  EXPECT_EQ(edge_.greeting(11370), 0U);
}

TEST_F(TraefikRoute, RoutesHkpToAllUnitsAndReconToTheLeaderAlone) {
  deploy_behind_traefik({peer});
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  const std::vector<std::string> hkp_servers = {server(0, 11371), server(1, 11371)};
  std::vector<std::string> expected = hkp_servers;
  expected.push_back(server(0, 11370));
  EXPECT_EQ(edge_.servers(), expected);

  model.rehearse({"leadership", "hockeypuck-k8s/1"});
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  expected.back() = server(1, 11370);
  EXPECT_EQ(edge_.servers(), expected);
  EXPECT_TRUE(comes_to_greet());

  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  model.update_status();
  EXPECT_EQ(edge_.servers(), (std::vector<std::string>{server(0, 11371), server(0, 11370)}));
  EXPECT_TRUE(comes_to_greet());
}

TEST_F(TraefikRoute, RemovedItIsWithdrawn) {
  deploy_behind_traefik({peer});
  ASSERT_TRUE(edge_.comes_to_answer(200, hkp("/pks/lookup?op=stats")));
  model.rehearse({"remove-relation", "hockeypuck-k8s:traefik-route", "traefik-k8s"});
  EXPECT_TRUE(edge_.comes_to_answer(404, hkp("/pks/lookup?op=stats")))
      << "the entry point stays until Traefik's next update-status";
  model.update_status();
  EXPECT_TRUE(edge_.comes_to_answer(0, hkp("/pks/lookup?op=stats")));
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{});
  EXPECT_EQ(configuration().find("proxy1"), std::string::npos);
  EXPECT_EQ(model.status(), active);
  expect_settled();
}

/// Two keyservers with a database and a proxy each, which know one another by their proxies only.
class Peers : public ::testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(model.debug_log().find("hook failed"), std::string::npos);
    if (HasFailure()) {
      std::cerr << model.attempt({"status"}).output
                << model.attempt({"debug-log", "-n", "60"}).output;
      for (const char* unit : {"keys-a/0", "keys-b/0"}) {
        std::cerr << unit << "\n"
                  << model.workload_output(
                         "curl --silent --unix-socket /charm/container/pebble.socket "
                         "'http://localhost/v1/logs?n=60' | cut -c -400",
                         unit)
                  << "\n";
      }
    }
  }

  void deploy(const std::string& side) {
    model.deploy_postgresql({"db-" + side});
    model.deploy_hockeypuck({"keys-" + side, "--config", "recon-interval=5"});
    model.rehearse({"deploy", "traefik-k8s", "edge-" + side});
    model.rehearse({"integrate", "keys-" + side, "db-" + side});
    model.rehearse({"integrate", "keys-" + side + ":traefik-route", "edge-" + side});
  }

  void peer_with(const std::string& app, const Edge& edge) {
    model.rehearse({"config", app, "external-peers=" + edge.name()});
  }

  RehearsedModel model;
  Edge edge_a_{model, "edge-a/0", "keys-b/0"};
  Edge edge_b_{model, "edge-b/0", "keys-a/0"};
};

TEST_F(Peers, ReconcileThroughTheirProxiesBothWays) {
  constexpr int patience = 60;
  deploy("a");
  deploy("b");
  ASSERT_TRUE(model.becomes("active", "", "keys-a"));
  ASSERT_TRUE(model.becomes("active", "", "keys-b"));
  ASSERT_TRUE(edge_a_.comes_to_answer(
      404, "http://" + edge_a_.address() + ":11371/pks/lookup?op=get&search=0x" + alice));
  ASSERT_TRUE(edge_a_.upload("alice"));
  peer_with("keys-a", edge_b_);
  peer_with("keys-b", edge_a_);
  EXPECT_TRUE(edge_b_.comes_to_have(alice, patience));

  ASSERT_TRUE(edge_b_.upload("carol_signed_by_dave"));
  EXPECT_TRUE(edge_a_.comes_to_have(carol, patience));
}

}  // namespace
}  // namespace test
