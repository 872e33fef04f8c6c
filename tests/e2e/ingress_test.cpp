// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/edge.hpp"
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace test {
namespace ingress_test {

const std::string prefix = "/keys-hockeypuck-k8s";
const std::string statistics = "/pks/lookup?op=stats";
const std::vector<std::string> as_keys_example = {"--header", "Host: keys.example.com"};

std::string server_name(int unit, int port) {
  return "hockeypuck-k8s-" + std::to_string(unit) +
         ".hockeypuck-k8s-endpoints.keys.svc.cluster.local:" + std::to_string(port);
}

class Ingress : public RehearsalTest {
 protected:
  Ingress() : traefik_(model, "traefik-k8s/0"), nginx_(model, "nginx-ingress-integrator/0") {}

  void deploy_behind_traefik() {
    model.deploy_all();
    model.rehearse({"deploy", "traefik-k8s"});
    model.rehearse({"integrate", "hockeypuck-k8s:ingress", "traefik-k8s"});
  }

  void deploy_behind_nginx() {
    model.deploy_all();
    model.rehearse({"deploy", "nginx-ingress-integrator", "--config",
                    "service-hostname=keys.example.com", "--config", "path-routes=/"});
    model.rehearse({"integrate", "hockeypuck-k8s", "nginx-ingress-integrator"});
  }

  /// The URL in the provider's databag; empty while there is none.
  std::string published_url() {
    const nlohmann::json kept = model.kept();
    for (const auto& numbered : kept.at("relations")) {
      for (const auto& bag : numbered.at(1).at("app_bags")) {
        if (bag.contains("ingress")) {
          return nlohmann::json::parse(bag.at("ingress").get<std::string>()).at("url");
        }
      }
    }
    return {};
  }

  /// Hockeypuck's own hostname.
  std::string hostname() {
    const std::string text = configuration();
    const auto at = text.find("hostname = \"") + 12;
    return text.substr(at, text.find('"', at) - at);
  }

  static std::string advice() {
    return "gpg cannot use an ingress path: integrate traefik-route or route by host name: " +
           prefix;
  }

  Edge traefik_;
  Edge nginx_;
};

TEST_F(Ingress, TheUrlOfTraefikAnswersAndTheStatusTellsWhatItCannotDo) {
  deploy_behind_traefik();
  ASSERT_TRUE(model.becomes("active", advice()));
  const std::string url = "http://" + traefik_.address() + prefix;
  EXPECT_EQ(published_url(), url);
  EXPECT_TRUE(traefik_.comes_to_answer(200, url + statistics));
  EXPECT_EQ(traefik_.http_status(url + "/pks/lookup?op=get&search=0x" + alice), 404);
  EXPECT_NE(traefik_.http_body(url + "/"), "");
  EXPECT_EQ(traefik_.http_status("http://" + traefik_.address() + statistics), 404)
      << "HKP is not at the root";
  EXPECT_EQ(hostname(), traefik_.address());
  expect_settled();
}

TEST_F(Ingress, AChangedUrlBecomesTheKeyserversHostName) {
  deploy_behind_traefik();
  model.rehearse({"config", "traefik-k8s", "external_hostname=keys.example.com"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(published_url(), "http://keys.example.com" + prefix);
  EXPECT_EQ(hostname(), "keys.example.com");

  model.rehearse({"config", "traefik-k8s", "routing_mode=subdomain"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(model.status(), active) << "HKP clients find the root";
  EXPECT_EQ(published_url(), "http://keys-hockeypuck-k8s.keys.example.com/");
  EXPECT_EQ(hostname(), "keys-hockeypuck-k8s.keys.example.com");
  const std::string root = "http://" + traefik_.address() + statistics;
  EXPECT_TRUE(traefik_.comes_to_answer(200, root,
                                       {"--header", "Host: keys-hockeypuck-k8s.keys.example.com"}));
  EXPECT_EQ(traefik_.http_status(root), 404);
}

TEST_F(Ingress, EveryUnitServesAndOneThatIsGoneIsAskedNoMore) {
  deploy_behind_traefik();
  model.rehearse({"scale", "hockeypuck-k8s", "3"});
  ASSERT_TRUE(model.becomes("active"));
  const auto server = [](int unit) { return server_name(unit, 11371); };
  EXPECT_EQ(traefik_.servers(), (std::vector<std::string>{server(0), server(1), server(2)}));
  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(traefik_.servers(), std::vector<std::string>{server(0)});
  const std::string url = "http://" + traefik_.address() + prefix + statistics;
  EXPECT_TRUE(traefik_.comes_to_answer(200, url));
}

TEST_F(Ingress, RemovedItIsForgotten) {
  deploy_behind_traefik();
  const std::string url = "http://" + traefik_.address() + prefix + statistics;
  ASSERT_TRUE(traefik_.comes_to_answer(200, url));
  model.rehearse({"remove-relation", "hockeypuck-k8s:ingress", "traefik-k8s"});
  EXPECT_TRUE(traefik_.comes_to_answer(404, url));
  EXPECT_EQ(hostname(), "hockeypuck-k8s.keys.svc.cluster.local");
  EXPECT_EQ(model.status(), active);
  expect_settled();
}

TEST_F(Ingress, WithTraefikTheEndpointMustBeNamed) {
  model.deploy_hockeypuck();
  model.rehearse({"deploy", "traefik-k8s"});
  const CommandResult result = model.attempt({"integrate", "hockeypuck-k8s", "traefik-k8s"});
  EXPECT_NE(result.status, 0);
  EXPECT_NE(result.error.find("ambiguous relation: \"hockeypuck-k8s traefik-k8s\" could refer to "
                              "\"hockeypuck-k8s:ingress traefik-k8s:ingress\"; "
                              "\"hockeypuck-k8s:traefik-route traefik-k8s:traefik-route\""),
            std::string::npos)
      << result.error;
}

TEST_F(Ingress, NginxServesHkpAtTheRootWhenRewritingIsOff) {
  deploy_behind_nginx();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(published_url(), "http://keys.example.com/");
  const std::string missing = "http://" + nginx_.address() + "/pks/lookup?op=get&search=0x" + alice;
  EXPECT_TRUE(nginx_.comes_to_answer(200, missing, as_keys_example))
      << "every request is the front page";
  model.rehearse({"config", "nginx-ingress-integrator", "rewrite-enabled=false"});
  EXPECT_TRUE(nginx_.comes_to_answer(404, missing, as_keys_example));
}

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

  /// Returns a command that prints the status of an answer and a space.
  std::string asking(const std::string& path) {
    return "curl --silent --output /dev/null --write-out '%{http_code} ' '" + edge_.hkp(path) + "'";
  }

  Edge edge_;
};

TEST_F(TraefikRoute, BringsHkpToItsOwnPort) {
  deploy_behind_traefik();
  EXPECT_EQ(model.status("traefik-k8s/0"),
            (ShownStatus{"active", "Serving at http://" + edge_.address()}));
  EXPECT_TRUE(edge_.comes_to_answer(200, edge_.hkp("/pks/lookup?op=stats")));
  EXPECT_EQ(edge_.http_status(edge_.hkp("/")), 200) << "the pages";
  ASSERT_TRUE(edge_.upload("alice"));
  EXPECT_TRUE(edge_.comes_to_have(alice));
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
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{server_name(0, 11371)});
  EXPECT_TRUE(edge_.comes_to_greet(false));
  model.config({peer});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(edge_.servers(),
            (std::vector<std::string>{server_name(0, 11371), server_name(0, 11370)}));
  EXPECT_TRUE(edge_.comes_to_greet());
  model.config({"external-peers="});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{server_name(0, 11371)});
  EXPECT_TRUE(edge_.comes_to_greet(false));
}

TEST_F(TraefikRoute, RoutesHkpToAllUnitsAndReconToTheLeaderAlone) {
  deploy_behind_traefik({peer});
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  const std::vector<std::string> hkp_servers = {server_name(0, 11371), server_name(1, 11371)};
  std::vector<std::string> expected = hkp_servers;
  expected.push_back(server_name(0, 11370));
  EXPECT_EQ(edge_.servers(), expected);

  model.rehearse({"leadership", "hockeypuck-k8s/1"});
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  expected.back() = server_name(1, 11370);
  EXPECT_EQ(edge_.servers(), expected);
  EXPECT_TRUE(edge_.comes_to_greet());

  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  model.update_status();
  EXPECT_EQ(edge_.servers(),
            (std::vector<std::string>{server_name(0, 11371), server_name(0, 11370)}));
  EXPECT_TRUE(edge_.comes_to_greet());
}

TEST_F(TraefikRoute, AnswersWhileUnitsComeGoAndRestart) {
  deploy_behind_traefik();
  ASSERT_TRUE(edge_.upload("alice"));
  ASSERT_TRUE(edge_.comes_to_have(alice));
  const std::string ask = asking(std::string("/pks/lookup?op=get&search=0x") + alice);
  // A process in the pod asks during the change, one request after the other.
  auto answers_during = [&, number = 0](const std::vector<std::string>& change) mutable {
    const std::string end = "/tmp/end-" + std::to_string(++number);
    const std::string file = "/tmp/answers-" + std::to_string(number);
    const std::string until_told = "until [ -e " + end + " ]; do " + ask + "; done > " + file;
    model.in_workload({"sh", "-c", "setsid sh -c \"$0\" > /dev/null 2>&1 &", until_told});
    model.rehearse(change);
    EXPECT_TRUE(model.becomes("active"));
    model.in_workload({"touch", end});
    return model.in_workload({"cat", file}).output;
  };

  // Hockeypuck does not finish the request that it is answering when it stops, and Traefik does not
  // repeat a request that it has sent. So each stop can cost one answer. A new unit restarts for
  // the route and for its sibling, while Traefik has it already.
  struct Change {
    std::vector<std::string> command;
    int stops;
  };

  const std::vector<Change> changes = {{{"config", "hockeypuck-k8s", "query-limit=200"}, 1},
                                       {{"scale", "hockeypuck-k8s", "2"}, 3},
                                       {{"config", "hockeypuck-k8s", "query-limit=300"}, 2},
                                       {{"leadership", "hockeypuck-k8s/1"}, 0},
                                       {{"scale", "hockeypuck-k8s", "1"}, 1}};
  for (const auto& [command, stops] : changes) {
    const std::string answers = answers_during(command);
    std::map<std::string, int> counts;
    std::istringstream words(answers.substr(0, answers.rfind(' ') + 1));
    for (std::string word; words >> word;) {
      ++counts[word];
    }
    EXPECT_GT(counts["200"], 10) << command.back();
    EXPECT_LE(counts["502"], stops) << command.back() << ": " << answers;
    EXPECT_EQ(counts.size(), 2U) << command.back() << ": " << answers;
  }
  EXPECT_NE(model.debug_log().find("turn to restart hockeypuck"), std::string::npos);
}

TEST_F(TraefikRoute, AnswersWhileTheContainerOfAUnitIsGone) {
  deploy_behind_traefik();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  // Two requests go to different units, and each of them must find the next unit.
  const std::string ten = "for n in 1 2 3 4 5 6 7 8 9 10; do " + asking("/pks/stats") + "; done";
  const auto answers = [&] { return model.in_workload({"sh", "-c", ten}).output; };
  const std::string all = "200 200 200 200 200 200 200 200 200 200 ";
  EXPECT_TRUE(eventually([&] { return answers() == all; }));

  model.in_workload({"sh", "-c", "kill -KILL -1"}, "hockeypuck-k8s/1");
  EXPECT_EQ(answers(), all);
  EXPECT_TRUE(model.becomes("active"));
}

TEST_F(TraefikRoute, LimitsWhatClientsMayDo) {
  deploy_behind_traefik({"upload-rate-limit=1", "max-key-length=8192"});
  const auto post = [&](const std::string& path, std::size_t size = 10) {
    return edge_.http_status(edge_.hkp(path), {"--data", "keytext=" + std::string(size, 'x')});
  };
  // The proxy loads the route a moment after the hook.
  EXPECT_TRUE(eventually([&] { return post("/pks/add", 20000) == 413; }));
  EXPECT_EQ(post("/pks/delete"), 404);
  EXPECT_EQ(post("/pks/lookup"), 404);
  EXPECT_EQ(edge_.http_status(edge_.hkp("/pks/add"), {"--request", "PUT"}), 404);

  std::map<int, int> uploads;
  for (int count = 0; count < 40; ++count) {
    ++uploads[post("/pks/add")];
  }
  EXPECT_GT(uploads[400], 0) << "Hockeypuck finds no key in them";
  EXPECT_GT(uploads[429], 0);
  EXPECT_EQ(edge_.http_status(edge_.hkp("/pks/lookup?op=stats")), 200) << "counted apart";

  model.config({"external-admin-requests=true"});
  EXPECT_TRUE(eventually([&] { return post("/pks/delete") == 400; }));
  model.config({"upload-rate-limit=0"});
  EXPECT_TRUE(eventually([&] { return post("/pks/add") == 400; }));
  model.config({"upload-rate-limit=-1"});
  EXPECT_EQ(model.status(),
            (ShownStatus{"blocked", "option upload-rate-limit: must be from 0 to 100000, not -1"}));
}

TEST_F(TraefikRoute, RemovedItIsWithdrawn) {
  deploy_behind_traefik({peer});
  ASSERT_TRUE(edge_.comes_to_answer(200, edge_.hkp("/pks/lookup?op=stats")));
  model.rehearse({"remove-relation", "hockeypuck-k8s:traefik-route", "traefik-k8s"});
  EXPECT_TRUE(edge_.comes_to_answer(404, edge_.hkp("/pks/lookup?op=stats")))
      << "the entry point stays until Traefik's next update-status";
  model.update_status();
  EXPECT_TRUE(edge_.comes_to_answer(0, edge_.hkp("/pks/lookup?op=stats")));
  EXPECT_EQ(edge_.servers(), std::vector<std::string>{});
  EXPECT_EQ(configuration().find("proxy1"), std::string::npos);
  EXPECT_EQ(model.status(), active);
  expect_settled();
}

/// Two keyservers, each with a database and a proxy. They know only each other's proxy.
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
  deploy("a");
  deploy("b");
  ASSERT_TRUE(model.becomes("active", "", "keys-a"));
  ASSERT_TRUE(model.becomes("active", "", "keys-b"));
  ASSERT_TRUE(edge_a_.comes_to_answer(
      404, edge_a_.hkp(std::string("/pks/lookup?op=get&search=0x") + alice)));
  ASSERT_TRUE(edge_a_.upload("alice"));
  peer_with("keys-a", edge_b_);
  peer_with("keys-b", edge_a_);
  EXPECT_TRUE(edge_b_.comes_to_have(alice));

  ASSERT_TRUE(edge_b_.upload("carol_signed_by_dave"));
  EXPECT_TRUE(edge_a_.comes_to_have(carol));
}

}  // namespace ingress_test
}  // namespace test
