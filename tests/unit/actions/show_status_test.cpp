// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/actions/results.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"
#include "tests/unit/actions/action_unit.hpp"
#include "tests/unit/postgres/key_database_test.hpp"

namespace charm::actions {
namespace {

using Json = nlohmann::json;

Snapshot a_snapshot() {
  Snapshot snapshot;
  snapshot.unit = {.name = "hockeypuck-k8s/0", .app = "hockeypuck-k8s", .leader = true};
  snapshot.workload = Workload{.version = "v1.26.0", .services = {{"hockeypuck", "active"}}};
  snapshot.keyserver = KeyserverHealth::serving;
  return snapshot;
}

Plan a_plan() {
  Plan plan;
  plan.workloads = {{.database = {.host = "pg", .name = "keys"}}};
  plan.admin_keys.current = AdminKeyReference{.fingerprint = "00ff"};
  plan.recon = ReconPlan{.partners = {{.name = "peer1",
                                       .http_address = "127.0.0.1:39371",
                                       .recon_address = "127.0.0.1:39370"}},
                         .interval = std::chrono::seconds(60)};
  return plan;
}

/// A unit with all its values available, unless a test removes one.
class ShowStatusTest : public postgres::KeyDatabaseTest {
 protected:
  ShowStatusTest() {
    unit.keyserver.Get("/pks/lookup", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(test::file_text(TEST_DATA_DIR "/hockeypuck/statistics-2.3.json"),
                           "text/json");
    });
    unit.listen();
    snapshot = a_snapshot();
    plan = a_plan();
    charm = {.url = "ch:amd64/hockeypuck-k8s-12", .version = "abc1234"};
    connect = [this] { return std::make_unique<postgres::KeyDatabase>(target(), 5); };
    pebble::Client(unit.pebble)
        .add_layer("checks", {.checks = {{"alive", {.tcp_port = 1}}, {"ready", {.tcp_port = 1}}}});
    unit.pebble.check_status["ready"] = "down";
  }

  Results run(std::string_view action) { return unit.run(action, Json::object()); }

  Results status() { return run("show-status"); }

  Json json() { return Json::parse(status().at("json")); }

  /// The line of the table with this heading.
  std::string line(const std::string& heading) {
    std::istringstream lines(status().at("status"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(heading + " ")) {
        return line;
      }
    }
    return "there is no such line";
  }

  ActionUnit unit;
  Snapshot& snapshot = unit.snapshot;
  Plan& plan = unit.plan;
  keyserver::Metrics& metrics = unit.metrics;
  CharmIdentity& charm = unit.charm;
  std::function<Connection()>& connect = unit.connect;
};

TEST_F(ShowStatusTest, TellsAllThatCanBeKnown) {
  make_hockeypuck_tables();
  ASSERT_TRUE(store(postgres::made_up_fingerprint(1)));
  metrics.started = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
                    std::chrono::hours(50);
  Json shown = json();
  Json& database = shown.at("database");
  EXPECT_GT(database.at("size-bytes"), 1'000'000);
  EXPECT_TRUE(
      sql("SHOW server_version").starts_with(database.at("server-version").get<std::string>()));
  EXPECT_GE(shown.at("keyserver").at("uptime-seconds"), 50 * 3600);
  database.erase("size-bytes");
  database.erase("server-version");
  shown.at("keyserver").erase("uptime-seconds");
  EXPECT_EQ(shown.at("peers").size(), 4U);
  shown.erase("peers");
  EXPECT_EQ(shown, Json::parse(R"({
    "unit": {"name": "hockeypuck-k8s/0", "leader": true},
    "charm": {"url": "ch:amd64/hockeypuck-k8s-12", "revision": 12, "version": "abc1234"},
    "keyserver": {"serving": true, "state": "serving", "software": "Hockeypuck",
                  "version": "~unreleased"},
    "keys": {"counted": 1},
    "prefix-tree": {"digests": 2, "difference": 1},
    "block-list": {"keys": 0}, "uploads": {"mode": "all"},
    "database": {"endpoint": "pg:5432", "name": "keys", "tls": null,
                 "certificate-verified": false},
    "admin-key": {"fingerprint": "00ff"},
    "edge": {"traefik-route": false, "ingress": false},
    "pebble": {"version": "v1.26.0"},
    "services": {"hockeypuck": "active"},
    "checks": {"alive": "up", "ready": "down"},
    "peers-left-out": 0})"));
  EXPECT_EQ(line("Keyserver"), "Keyserver    serving, Hockeypuck ~unreleased, up 2 d 2 h");
  EXPECT_EQ(line("Prefix tree"), "Prefix tree  2 digests, 1 more than keys");
  EXPECT_EQ(line("Checks"), "Checks       alive up, ready down");
  EXPECT_EQ(line("Charm"),
            "Charm        revision 12 (ch:amd64/hockeypuck-k8s-12), version abc1234");
  EXPECT_NE(line("peer1").find("  127.0.0.1:39370 "), std::string::npos) << line("peer1");
}

TEST_F(ShowStatusTest, SaysWhetherClientsAreLimited) {
  EXPECT_EQ(line("Edge"), "Edge         not published");
  snapshot.relations = {{.id = 7, .endpoint = "ingress"}};
  EXPECT_EQ(line("Edge"), "Edge         ingress has no limits for clients");
  snapshot.relations.push_back({.id = 8, .endpoint = "traefik-route"});
  EXPECT_EQ(line("Edge"),
            "Edge         traefik-route limits each client, ingress has no limits for clients");
  snapshot.relations.erase(snapshot.relations.begin());
  EXPECT_EQ(line("Edge"), "Edge         traefik-route limits each client");
}

TEST_F(ShowStatusTest, SaysInItsPlaceWhyADatabaseIsNotThere) {
  connect = []() -> Connection { throw Failure("the database is\nnot there"); };
  const Json shown = json();
  const Json missing = {{"error", "the database is not there"}};
  for (const char* part : {"keys", "block-list", "database"}) {
    EXPECT_EQ(shown.at(part), missing) << part;
  }
  EXPECT_EQ(shown.at("prefix-tree"), Json::parse(R"({"digests": 2, "difference": null})"));
  EXPECT_EQ(line("Keys"), "Keys         unknown: the database is not there");
}

TEST_F(ShowStatusTest, TakesADatabaseThatRefusesForOneThatIsNotThere) {
  connect = [this] {
    postgres::Target wrong = target();
    wrong.password = "wrong";
    return std::make_unique<postgres::KeyDatabase>(wrong, 2);
  };
  const std::string error = json().at("database").at("error");
  EXPECT_NE(error.find("password authentication failed"), std::string::npos) << error;
}

TEST_F(ShowStatusTest, SaysInItsPlaceWhyAKeyserverIsNotThere) {
  unit.port = test::free_port();
  snapshot.keyserver = KeyserverHealth::unreachable;
  const Json shown = json();
  for (const char* part : {"keyserver", "prefix-tree"}) {
    const std::string error = shown.at(part).at("error");
    EXPECT_TRUE(error.starts_with("the keyserver does not answer: ")) << error;
  }
  EXPECT_EQ(shown.at("keys"), Json::parse(R"({"counted": 0})"));
  const std::string verdict = shown.at("peers").at(0).at("verdict");
  EXPECT_TRUE(verdict.starts_with("unknown: the keyserver does not answer")) << verdict;
}

TEST_F(ShowStatusTest, SaysInItsPlaceWhyPebbleIsNotThere) {
  snapshot.workload.reset();
  snapshot.workload_error = "no such file";
  unit.pebble.down = true;
  const Json shown = json();
  for (const char* part : {"pebble", "services"}) {
    EXPECT_EQ(shown.at(part).at("error"), "Pebble does not answer: no such file") << part;
  }
  const std::string error = shown.at("checks").at("error");
  EXPECT_TRUE(error.starts_with("Pebble does not answer: ")) << error;
}

TEST_F(ShowStatusTest, ShowsTheTreeOfAUnitThatDoesNotLead) {
  snapshot.unit.leader = false;
  const Json shown = json();
  EXPECT_EQ(shown.at("prefix-tree"), Json::parse(R"({"digests": 2, "difference": 2})"));
  EXPECT_EQ(line("Unit"), "Unit         hockeypuck-k8s/0, not the leader");
}

TEST_F(ShowStatusTest, SaysWhatThereIsNotYet) {
  plan = {};
  charm = {};
  connect = []() -> Connection { throw Failure("the database is not there"); };
  snapshot.workload->services.clear();
  const Json shown = json();
  EXPECT_EQ(shown.at("admin-key").at("error"), "there is none yet");
  EXPECT_TRUE(shown.at("charm").contains("error"));
  EXPECT_EQ(shown.at("services"), Json::object());
  EXPECT_EQ(line("Services"), "Services     none");
}

TEST_F(ShowStatusTest, FitsIntoResultsWhateverPeersThereAre) {
  for (int number = 0; number < 5000; ++number) {
    const std::string host = std::string(200, 'x') + std::to_string(number);
    plan.recon->partners.push_back({.name = "peer", .recon_address = host + ":11370"});
  }
  const std::vector<Results> shown = {status(), run("show-peers")};
  for (const Results& results : shown) {
    for (const auto& [key, text] : results) {
      EXPECT_LE(text.size(), longest_result) << key;
      EXPECT_GT(text.size(), longest_result / 2) << key;
    }
    const Json all = Json::parse(results.at("json"));
    EXPECT_EQ(all.at("peers").size() + all.at("peers-left-out").get<std::size_t>(), 5004U);
  }
}

TEST_F(ShowStatusTest, ShowsPeersWithEverythingThatIsKnownOfThem) {
  const Json peers = Json::parse(run("show-peers").at("json")).at("peers");
  ASSERT_EQ(peers.size(), 4U);
  EXPECT_EQ(peers[0], Json::parse(R"({
    "name": "peer1", "recon-address": "127.0.0.1:39370", "http-address": "127.0.0.1:39371",
    "role": "peer", "weight": 100,
    "incoming": {"last-success": null, "last-error": null},
    "outgoing": {"last-success": null,
                 "last-error": "dial tcp 127.0.0.1:39370: connect: connection refused"},
    "recovery": {"last-success": null, "last-error": null},
    "recovered-keys": null,
    "verdict": "failing: dial tcp 127.0.0.1:39370: connect: connection refused"})"));
  EXPECT_EQ(peers[1].at("incoming").at("last-success"), "2026-11-27T09:05:28Z");
  EXPECT_EQ(peers[3].at("role"), "proxy");
  EXPECT_EQ(peers[3].at("weight"), -1);
}

TEST_F(ShowStatusTest, SaysWhichOptionIsWrongWhereNobodyKnowsWhichPeersAreWanted) {
  EXPECT_FALSE(run("show-peers").contains("note"));
  plan.recon.reset();
  plan.statuses = {{StatusKind::blocked, "external-peers, line 1: \"a b\""}};
  const Results results = run("show-peers");
  EXPECT_EQ(results.at("note"), "external-peers, line 1: \"a b\"");
  EXPECT_EQ(Json::parse(results.at("json")).at("peers").size(), 4U);
}

TEST_F(ShowStatusTest, SaysThatThereAreNoPeers) {
  unit.port = test::free_port();
  plan.recon->partners.clear();
  EXPECT_EQ(run("show-peers").at("peers"), "no peers: this application does not reconcile");
}

}  // namespace
}  // namespace charm::actions
