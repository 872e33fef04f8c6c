// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace test {
namespace show_test {

using Json = nlohmann::json;

/// The peer in a model with two keyservers, as the other one knows it.
std::string pod(const std::string& application) {
  return application + "-0." + application + "-endpoints.keys.svc.cluster.local";
}

class Show : public RehearsalTest {
 protected:
  Json shown(const std::string& action, const std::string& unit = hockeypuck_unit) {
    const Task task = model.act(action, {}, unit);
    EXPECT_FALSE(task.failed) << action << ": " << task.message;
    return Json::parse(task.result("json"));
  }

  Json status(const std::string& unit = hockeypuck_unit) { return shown("show-status", unit); }

  /// The peers by name.
  std::map<std::string, Json> peers(const std::string& unit = hockeypuck_unit) {
    std::map<std::string, Json> named;
    const Json all = shown("show-peers", unit);
    for (const Json& peer : all.at("peers")) {
      named[peer.at("name")] = peer;
    }
    return named;
  }
};

/// The first column of a line of `juju run`.
std::string heading_of(const std::string& line) {
  return line.substr(0, line.find("  "));
}

TEST_F(Show, StatusTellsOfAKeyserverThatServes) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  ASSERT_FALSE(model.act("block-keys", {std::string("fingerprints=") + carol}).failed);
  const Json shown = status();
  EXPECT_EQ(shown.at("unit"), Json::parse(R"({"name": "hockeypuck-k8s/0", "leader": true})"));
  EXPECT_EQ(shown.at("charm").at("url"), "local:hockeypuck-k8s-0");
  EXPECT_EQ(shown.at("charm").at("revision"), 0);
  EXPECT_EQ(shown.at("keyserver").at("serving"), true);
  EXPECT_NE(shown.at("keyserver").at("version"), "");
  EXPECT_GE(shown.at("keyserver").at("uptime-seconds"), 0);
  EXPECT_EQ(shown.at("keys").at("counted"), 2) << "hers and the admin's";
  EXPECT_EQ(shown.at("block-list").at("keys"), 1);
  EXPECT_TRUE(shown.at("prefix-tree").at("digests").is_number());
  const Json& database = shown.at("database");
  EXPECT_EQ(database.at("endpoint"), data_source("host") + ":" + data_source("port"));
  EXPECT_EQ(database.at("name"), "hockeypuck-k8s");
  EXPECT_EQ(database.at("tls"), "TLSv1.3");
  EXPECT_EQ(database.at("certificate-verified"), true);
  EXPECT_GT(database.at("size-bytes"), 1'000'000);
  EXPECT_EQ(shown.at("admin-key").at("fingerprint"),
            model.act("get-admin-key").result("fingerprint"));
  EXPECT_EQ(shown.at("services").at("hockeypuck"), "active");
  EXPECT_EQ(shown.at("checks").at("alive"), "up");
  EXPECT_TRUE(shown.at("pebble").at("version").get<std::string>().starts_with("v1."));
  EXPECT_EQ(shown.at("peers"), Json::array());
  std::istringstream lines(model.rehearse({"run", hockeypuck_unit, "show-status"}));
  std::set<std::string> headings;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    headings.insert(heading_of(line));
  }
  for (const char* heading :
       {"Unit", "Charm", "Keyserver", "Keys", "Prefix tree", "Block list", "Database", "Admin key",
        "Pebble", "Services", "Checks", "no peers: this application does not reconcile"}) {
    EXPECT_TRUE(headings.contains(heading)) << heading << testing::PrintToString(headings);
  }
}

TEST_F(Show, StatusSaysWhatIsMissingBeforeThereIsADatabase) {
  model.deploy_hockeypuck();
  const Json shown = status();
  const std::string no_database = shown.at("database").at("error");
  EXPECT_NE(no_database.find("juju integrate hockeypuck-k8s postgresql-k8s"), std::string::npos)
      << no_database;
  EXPECT_EQ(shown.at("keys").at("error"), no_database);
  const std::string no_keyserver = shown.at("keyserver").at("error");
  EXPECT_TRUE(no_keyserver.starts_with("the keyserver does not answer")) << no_keyserver;
  EXPECT_TRUE(shown.at("pebble").contains("version"));
}

TEST_F(Show, StatusSaysThatTheDatabaseOrTheKeyserverIsStopped) {
  model.deploy_all();
  model.rehearse({"run", "postgresql-k8s/0", "stop-database"});
  const Json shown = status();
  const std::string no_database = shown.at("database").at("error");
  EXPECT_NE(no_database.find("waiting for PostgreSQL to answer: "), std::string::npos)
      << no_database;
  EXPECT_EQ(shown.at("keyserver").at("serving"), false);
  EXPECT_EQ(shown.at("keyserver").at("state"), "not serving, cannot use its database");
  EXPECT_NE(shown.at("keyserver").at("version"), "");
  model.rehearse({"run", "postgresql-k8s/0", "start-database"});
  EXPECT_TRUE(eventually([&] { return status().at("keyserver").at("serving") == true; }));

  model.workload_output(
      "curl --silent --unix-socket /charm/container/pebble.socket http://localhost/v1/services "
      "--data '{\"action\": \"stop\", \"services\": [\"hockeypuck\"]}'");
  EXPECT_TRUE(eventually([&] { return status().at("services").at("hockeypuck") == "inactive"; }));
  const Json stopped = status();
  for (const char* part : {"keyserver", "prefix-tree"}) {
    EXPECT_TRUE(stopped.at(part).contains("error")) << part << stopped;
  }
  EXPECT_EQ(stopped.at("keys").at("counted"), 1);
  EXPECT_EQ(stopped.at("database").at("name"), "hockeypuck-k8s");
}

TEST_F(Show, StatusOfAnotherUnitThanTheLeaderSaysWhoReconcilesWithPeers) {
  model.deploy_all();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  model.config({"external-peers=127.0.0.1,39371,39370"});
  const Json shown = status("hockeypuck-k8s/1");
  EXPECT_EQ(shown.at("unit").at("leader"), false);
  EXPECT_TRUE(shown.at("prefix-tree").contains("digests")) << shown;
  EXPECT_EQ(shown.at("keyserver").at("serving"), true);
  EXPECT_EQ(shown.at("keys").at("counted"), 1);
  EXPECT_EQ(peers("hockeypuck-k8s/1").at("peer1").at("verdict"),
            "not from this unit: the leader reconciles");
}

TEST_F(Show, PeersTellWhoReconcilesAndWhoDoesNot) {
  model.deploy_all();
  model.deploy_hockeypuck({"second", "--config", "recon-interval=5", "--config",
                           "external-peers=" + pod("hockeypuck-k8s")});
  model.rehearse({"integrate", "second", "postgresql-k8s"});
  model.config({"recon-interval=5", "external-peers=" + pod("second") +
                                        "\n127.0.0.1,39371,39370\nnowhere.example.com"});
  ASSERT_TRUE(model.becomes("active", {}, "second"));
  ASSERT_TRUE(upload("alice"));
  EXPECT_TRUE(eventually([&] { return look_up(alice, "second/0") == 200; }));
  EXPECT_TRUE(eventually([&] {
    return peers("second/0").at("peer1").at("recovered-keys").is_number() &&
           peers().at("peer1").at("verdict") == "ok" &&
           !peers().at("peer2").at("outgoing").at("last-error").is_null();
  })) << testing::PrintToString(peers());

  const Json second = peers().at("peer1");
  EXPECT_EQ(second.at("recon-address"), pod("second") + ":11370");
  EXPECT_EQ(second.at("http-address"), pod("second") + ":11371");
  EXPECT_EQ(second.at("role"), "peer");
  EXPECT_EQ(second.at("incoming").at("last-error"), nullptr);
  EXPECT_FALSE(second.at("incoming").at("last-success").is_null() &&
               second.at("outgoing").at("last-success").is_null());
  const std::string refused = peers().at("peer2").at("verdict");
  EXPECT_EQ(refused, "failing: dial tcp 127.0.0.1:39370: connect: connection refused");
  EXPECT_EQ(peers().at("peer3").at("verdict"), "never reconciled: its name cannot be resolved");
  EXPECT_GE(peers("second/0").at("peer1").at("recovered-keys"), 1);
  EXPECT_EQ(status().at("peers").size(), 3U);

  const std::string table = model.act("show-peers").result("peers");
  EXPECT_TRUE(table.starts_with("Peer   Role  Recon address ")) << table;
  EXPECT_NE(table.find("\npeer2  peer  127.0.0.1:39370 "), std::string::npos) << table;
}

TEST_F(Show, PeersShowTheProxyThroughWhichOthersCome) {
  model.deploy_all();
  model.rehearse({"deploy", "traefik-k8s"});
  model.rehearse({"integrate", "hockeypuck-k8s:traefik-route", "traefik-k8s"});
  model.config({"external-peers=127.0.0.1,39371,39370"});
  ASSERT_TRUE(model.becomes("active"));
  const Json proxy = peers().at("proxy1");
  EXPECT_EQ(proxy.at("recon-address"), pod("traefik-k8s") + ":11370");
  EXPECT_EQ(proxy.at("role"), "proxy");
  EXPECT_EQ(proxy.at("weight"), -1);
  EXPECT_EQ(proxy.at("verdict"), "no incoming connections yet");
}

}  // namespace show_test
}  // namespace test
