// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/promtail.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace charm {
namespace {

using nlohmann::json;
using Locations = std::set<std::string>;

constexpr int loki_relation = 15;
const std::string first = "http://loki-0:3100/loki/api/v1/push";
const std::string second = "http://loki-1:3100/loki/api/v1/push";

Databag endpoint(const std::string& url) {
  return {{"endpoint", json{{"url", url}}.dump()}};
}

class Logging : public ::testing::Test {
 protected:
  void SetUp() override {
    unit.relate_database();
    unit.juju.relations[loki_relation] = {
        .endpoint = "logging",
        .remote_app = "loki",
        .remote_units = {{"loki/0", endpoint(first)}, {"loki/1", endpoint(second)}}};
    dispatch();
  }

  void dispatch() { ASSERT_TRUE(unit.dispatch()) << unit.last_error; }

  /// The current targets of Pebble's log forwarding.
  Locations forwarded_to() const {
    Locations locations;
    const json targets = unit.pebble.plan().value("log-targets", json::object());
    for (const auto& [name, target] : targets.items()) {
      if (target.at("services") == json::array({"all"})) {
        locations.insert(target.at("location").get<std::string>());
      }
    }
    return locations;
  }

  auto& remote_units() { return unit.juju.relations.at(loki_relation).remote_units; }

  DispatchedUnit unit;
};

TEST_F(Logging, GoesToEveryUnitThatTakesLogs) {
  EXPECT_EQ(forwarded_to(), (Locations{first, second}));
  remote_units()["loki/2"] = {};
  remote_units()["loki/1"] = endpoint("http://loki-9:3100/loki/api/v1/push");
  dispatch();
  EXPECT_EQ(forwarded_to(), (Locations{first, "http://loki-9:3100/loki/api/v1/push"}));
}

TEST_F(Logging, ChangesNothingOfPebbleWhereNothingChanges) {
  unit.pebble.posts.clear();
  dispatch();
  EXPECT_EQ(unit.pebble.posts, std::vector<std::string>{});
}

TEST_F(Logging, EndsWithAUnitAndWithTheRelation) {
  remote_units().erase("loki/0");
  dispatch();
  EXPECT_EQ(forwarded_to(), Locations{second});
  // The relation is removed without a hook of ours. Any later hook compares with Pebble's plan.
  unit.juju.relations.erase(loki_relation);
  dispatch();
  EXPECT_EQ(forwarded_to(), Locations{});
}

TEST_F(Logging, EndsWhateverTheKeyserverIsDoing) {
  unit.database_answer() = {};
  remote_units().erase("loki/1");
  dispatch();
  EXPECT_EQ(forwarded_to(), Locations{first});
  unit.remove_database();
  remote_units().erase("loki/0");
  EXPECT_TRUE(unit.dispatch_relation(DispatchedUnit::database_relation, "broken"));
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
  EXPECT_EQ(forwarded_to(), Locations{});
}

TEST_F(Logging, EndsWhileAnotherOptionIsWrong) {
  unit.juju.config["query-limit"] = std::int64_t{0};
  unit.juju.relations.erase(loki_relation);
  dispatch();
  EXPECT_EQ(forwarded_to(), Locations{});
}

TEST_F(Logging, StaysWhileItsOwnOptionIsWrong) {
  unit.juju.config["log-forwarder"] = std::string("syslog");
  dispatch();
  EXPECT_EQ(unit.status().message, "option log-forwarder: must be pebble or promtail: \"syslog\"");
  EXPECT_EQ(forwarded_to(), (Locations{first, second}));
}

TEST_F(Logging, ComesBackWithARestartedContainerAndWithTheUnit) {
  remote_units().erase("loki/0");
  dispatch();
  unit.pebble.restart_container();
  remote_units()["loki/0"] = endpoint(first);
  dispatch();
  EXPECT_EQ(forwarded_to(), (Locations{first, second}));
}

TEST_F(Logging, StaysWhileTheUnitStops) {
  ASSERT_TRUE(unit.dispatch("stop"));
  EXPECT_EQ(forwarded_to(), (Locations{first, second}));
}

/// The same with promtail instead of Pebble's forwarding.
class Promtail : public Logging {
 protected:
  void SetUp() override {
    Logging::SetUp();
    offer("http://loki/promtail.gz", 'a');
    unit.downloads = {{"http://loki/promtail.gz", "promtail"}};
    unit.juju.config["log-forwarder"] = std::string("promtail");
  }

  void offer(const std::string& url, char digest) {
    const json object = {
        {"url", url}, {"zipsha", std::string(64, 'f')}, {"binsha", std::string(64, digest)}};
    unit.juju.relations.at(loki_relation).remote_app_data["promtail_binary_zip_url"] =
        json{{"amd64", object}, {"arm64", object}}.dump();
  }

  [[nodiscard]] std::string state() const { return unit.pebble.current("promtail"); }

  [[nodiscard]] bool logs_to_file() const {
    return unit.configuration().find(hockeypuck::log_path) != std::string::npos;
  }

  /// All files except the keyserver's, and promtail's directory.
  [[nodiscard]] std::set<std::string> traces() const {
    std::set<std::string> paths = unit.files_off_storage();
    paths.erase(std::string(hockeypuck::config_path));
    if (unit.pebble.directories.contains(std::string(promtail::directory))) {
      paths.insert(std::string(promtail::directory));
    }
    return paths;
  }

  void expect_gone() {
    EXPECT_NE(state(), "active");
    EXPECT_FALSE(logs_to_file());
    EXPECT_EQ(traces(), std::set<std::string>{});
  }
};

TEST_F(Promtail, IsInstalledOnceAndTakesOver) {
  dispatch();
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(forwarded_to(), Locations{});
  EXPECT_EQ(state(), "active");
  EXPECT_TRUE(logs_to_file());
  const File program = unit.pebble.files.at(std::string(promtail::binary_path));
  EXPECT_EQ(
      program,
      (File{.path = std::string(promtail::binary_path), .content = "promtail", .mode = 0755}));
  unit.pebble.posts.clear();
  dispatch();
  EXPECT_EQ(unit.pebble.posts, std::vector<std::string>{});
  EXPECT_EQ(unit.asked_for, std::vector<std::string>{"http://loki/promtail.gz"});
}

TEST_F(Promtail, StartsAnewForOtherLokisWithoutAnotherDownload) {
  dispatch();
  remote_units().erase("loki/1");
  dispatch();
  EXPECT_EQ(unit.pebble.starts("promtail"), 2);
  EXPECT_EQ(unit.file(promtail::config_path).find(second), std::string::npos);
  EXPECT_EQ(unit.asked_for.size(), 1U);
}

TEST_F(Promtail, IsReplacedWhenAnotherOneIsOffered) {
  dispatch();
  offer("http://loki/newer.gz", 'b');
  unit.downloads["http://loki/newer.gz"] = "newer";
  dispatch();
  EXPECT_EQ(unit.file(promtail::binary_path), "newer");
  EXPECT_EQ(unit.file(promtail::receipt_path), std::string(64, 'b'));
  EXPECT_EQ(unit.pebble.starts("promtail"), 2);
}

TEST_F(Promtail, GoesWithTheRelationAndWithTheOption) {
  dispatch();
  unit.juju.config.erase("log-forwarder");
  dispatch();
  expect_gone();
  EXPECT_EQ(forwarded_to(), (Locations{first, second}));

  unit.juju.config["log-forwarder"] = std::string("promtail");
  dispatch();
  EXPECT_EQ(state(), "active");
  unit.juju.relations.erase(loki_relation);
  dispatch();
  expect_gone();
}

TEST_F(Promtail, WritesNothingWhenTheDownloadFailsAndTellsWhy) {
  unit.downloads.clear();
  dispatch();
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::active, "logs are not sent: promtail: from loki: HTTP 404"}));
  EXPECT_EQ(unit.file(promtail::binary_path), "");
  EXPECT_EQ(unit.file(promtail::receipt_path), "");
  EXPECT_EQ(state(), "inactive");
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  EXPECT_NE(unit.log_text().find("promtail: from loki: HTTP 404"), std::string::npos);
  unit.downloads = {{"http://loki/promtail.gz", "promtail"}};
  dispatch();
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(state(), "active");
}

TEST_F(Promtail, ThatDiesIsToldAndTheKeyserverRuns) {
  unit.pebble.exits_quickly["promtail"] = {"bad configuration"};
  dispatch();
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::active, "logs are not sent: promtail: bad configuration"}));
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  dispatch();
  EXPECT_EQ(unit.status().message.rfind("logs are not sent: promtail", 0), 0U);
}

TEST_F(Promtail, ThatDiesWithoutOutputIsToldInPebblesWords) {
  unit.pebble.exits_quickly["promtail"] = {};
  dispatch();
  EXPECT_EQ(unit.status(), (Status{StatusKind::active,
                                   "logs are not sent: promtail: service start attempt: exited "
                                   "quickly with code 1, will restart"}));
}

TEST_F(Promtail, CannotBeWrittenToAReadOnlyContainer) {
  unit.pebble.unwritable = {std::string(promtail::binary_path)};
  dispatch();
  EXPECT_EQ(unit.status().message.rfind("logs are not sent: promtail: /var/lib/", 0), 0U)
      << unit.status().message;
  EXPECT_EQ(unit.file(promtail::receipt_path), "");
}

TEST_F(Promtail, IsUsedByItselfWithAPebbleThatForwardsNothing) {
  unit.juju.config.erase("log-forwarder");
  unit.pebble.restart_container();
  unit.pebble.version = "v1.3.0";
  dispatch();
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(state(), "active");
}

TEST_F(Promtail, IsDownloadedThroughTheProxiesOfTheModel) {
  ASSERT_TRUE(unit.dispatch("update-status", {{"JUJU_CHARM_HTTP_PROXY", "http://proxy:3128"}}));
  EXPECT_EQ(unit.download_egress.proxies,
            (Databag{{"JUJU_CHARM_HTTP_PROXY", "http://proxy:3128"}}));
}

TEST_F(Promtail, IsInPlaceAtTheNextDispatchWhereverOneIsKilled) {
  for (int touch = 0;; ++touch) {
    ASSERT_LT(touch, 500);
    unit.juju.config["log-forwarder"] = std::string("promtail");
    const bool killed = unit.dispatch_killed_at(touch);
    dispatch();
    ASSERT_EQ(state(), "active") << touch;
    ASSERT_TRUE(logs_to_file()) << touch;
    ASSERT_EQ(unit.file(promtail::binary_path), "promtail") << touch;
    unit.juju.config.erase("log-forwarder");
    unit.dispatch_killed_at(touch);
    dispatch();
    expect_gone();
    if (!killed) {
      break;
    }
  }
}

TEST_F(Promtail, HasItsFileBeginAnewWhenItIsTooLong) {
  dispatch();
  File& log = unit.pebble.files[std::string(hockeypuck::log_path)];
  log.content = std::string(hockeypuck::max_log_size, 'x');
  dispatch();
  EXPECT_EQ(unit.pebble.signals, std::vector<std::string>{});
  log.content += "x";
  dispatch();
  EXPECT_EQ(unit.file(hockeypuck::log_path), "");
  EXPECT_EQ(unit.pebble.files.at(std::string(hockeypuck::log_path)).user_id, hockeypuck::user_id);
  EXPECT_EQ(unit.pebble.signals, std::vector<std::string>{"SIGUSR1 hockeypuck"});
}

TEST_F(Promtail, LeavesNoLogBehind) {
  const std::string log{hockeypuck::log_path};
  dispatch();
  unit.pebble.files[log].content = "a line";
  unit.juju.config.erase("log-forwarder");
  dispatch();
  EXPECT_FALSE(unit.pebble.files.contains(log));
  unit.juju.config["log-forwarder"] = std::string("promtail");
  dispatch();
  unit.pebble.files[log].content = "a line";
  unit.remove_database();
  EXPECT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}));
  EXPECT_FALSE(unit.pebble.files.contains(log)) << "without a database";
}

TEST_F(Promtail, IsDownloadedWhenTheKeyserverWritesItsLog) {
  for (int touch = 0; unit.asked_for.empty(); ++touch) {
    ASSERT_LT(touch, 500);
    unit.dispatch_killed_at(touch);
  }
  EXPECT_TRUE(logs_to_file());
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
}

TEST_F(Promtail, StartsAgainWithAFileThatWasChanged) {
  dispatch();
  const int before = unit.pebble.starts("promtail");
  unit.pebble.files[std::string(promtail::config_path)].content = "broken";
  dispatch();
  EXPECT_EQ(unit.pebble.starts("promtail"), before + 1);
}

TEST_F(Promtail, SaysThatItsFileCannotBeEmptied) {
  dispatch();
  const std::string log{hockeypuck::log_path};
  unit.pebble.files[log].content = std::string(hockeypuck::max_log_size + 1, 'x');
  unit.pebble.unwritable = {log};
  dispatch();
  EXPECT_TRUE(unit.status().message.starts_with("logs are not sent: " + log))
      << unit.status().message;
}

}  // namespace
}  // namespace charm
