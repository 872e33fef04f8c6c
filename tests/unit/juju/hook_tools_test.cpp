// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/hook_tools.hpp"

#include "tests/support/fake_juju.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include <unistd.h>

namespace charm::juju {
namespace {

constexpr const char* secret_uri = "secret:9m4e2mr0ui3e8a215n4g";

class HookToolsTest : public testing::Test {
 protected:
  HookToolsTest() {
    juju.relations[3] = {.endpoint = "database",
                         .remote_app = "postgresql-k8s",
                         .remote_app_data = {{"endpoints", "a:5432"}},
                         .remote_units = {{"postgresql-k8s/0", {{"ingress-address", "10.1.0.9"}}}}};
    juju.relations[4] = {.endpoint = "hockeypuck-peers", .remote_app = "hockeypuck-k8s"};
  }

  /// Calls a function that must fail, and returns the error.
  static HookToolError fault(const std::function<void()>& attempt) {
    try {
      attempt();
    } catch (const HookToolError& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {"none", 0, ""};
  }

  /// Makes the tool print this for any arguments.
  void answer(const std::string& tool, const std::string& text) {
    juju.failing[tool] = {.exit_code = 0, .out = text, .err = {}};
  }

  test::FakeJuju juju;
  HookTools tools{juju};
};

TEST_F(HookToolsTest, MapsTheTypesOfOptions) {
  juju.config = {{"log-level", std::string("info")},
                 {"keyword-search", true},
                 {"query-limit", std::int64_t{100}},
                 {"ratio", 0.5}};
  EXPECT_EQ(tools.config_get(), juju.config);
}

TEST_F(HookToolsTest, LeavesOutOptionsThatAreNotSet) {
  answer("config-get", R"({"hostname":null,"admin-key":"secret:9m4e2mr0ui3e8a215n4g"})");
  const std::map<std::string, ConfigValue> expected = {{"admin-key", std::string(secret_uri)}};
  EXPECT_EQ(tools.config_get(), expected);
}

TEST_F(HookToolsTest, TellsLeadership) {
  EXPECT_TRUE(tools.is_leader());
  juju.leader = false;
  EXPECT_FALSE(tools.is_leader());
}

TEST_F(HookToolsTest, ListsRelationsUnitsAndApplications) {
  EXPECT_EQ(tools.relation_ids("database"), std::vector<int>{3});
  EXPECT_EQ(tools.relation_ids("ingress"), std::vector<int>());
  EXPECT_EQ(tools.relation_list(3), std::vector<std::string>{"postgresql-k8s/0"});
  EXPECT_EQ(tools.relation_list(4), std::vector<std::string>());
  EXPECT_EQ(tools.relation_app(3), "postgresql-k8s");
}

TEST_F(HookToolsTest, ReadsTheBagsOfTheOtherSide) {
  EXPECT_EQ(tools.relation_get(3, "postgresql-k8s", Scope::app),
            (Databag{{"endpoints", "a:5432"}}));
  EXPECT_EQ(tools.relation_get(3, "postgresql-k8s/0", Scope::unit),
            (Databag{{"ingress-address", "10.1.0.9"}}));
}

TEST_F(HookToolsTest, ReadsNullAsAnEmptyBag) {
  answer("relation-get", "null\n");
  EXPECT_EQ(tools.relation_get(3, "postgresql-k8s", Scope::app), Databag());
}

TEST_F(HookToolsTest, WritesAndDeletesKeysOfOurBags) {
  const Databag awkward = {{"quote", "\"\\ ' <&>"},
                           {"lines", "a\nb\t\xc2\x85\xe2\x80\xa8"},
                           {"flag", "--app"},
                           {"emoji", "\xf0\x9f\x94\x91"},
                           {"long", std::string(300'000, 'x')}};
  tools.relation_set(3, Scope::app, awkward);
  tools.relation_set(3, Scope::unit, {{"a", "1"}, {"b", "2"}});
  juju.commit();
  EXPECT_EQ(juju.relations[3].local_app_data, awkward);
  tools.relation_set(3, Scope::unit, {{"a", ""}});
  juju.commit();
  EXPECT_EQ(juju.relations[3].local_unit_data, (Databag{{"b", "2"}}));
}

TEST_F(HookToolsTest, AsksNothingOfJujuForNoChanges) {
  tools.relation_set(3, Scope::app, {});
  EXPECT_EQ(juju.total_calls(), 0);
}

TEST_F(HookToolsTest, ReadsTheNewestRevisionOfASecretAndTracksIt) {
  auto& secret = juju.secrets["9m4e2mr0ui3e8a215n4g"];
  secret.revisions = {{{"password", "old"}}, {{"password", "new"}}};
  secret.tracked = 1;
  EXPECT_EQ(tools.secret_get(secret_uri), (Databag{{"password", "new"}}));
  EXPECT_EQ(secret.tracked, 2U);
}

TEST_F(HookToolsTest, DoesNotTakeASecretUriForAFlag) {
  const auto error = fault([this] { static_cast<void>(tools.secret_get("--peek")); });
  EXPECT_STREQ(error.what(), "secret-get: secret URI \"--peek\" not valid (exit code 2)");
}

TEST_F(HookToolsTest, KeepsASecretOfTheApplication) {
  const std::string uri = tools.secret_add({{"private-key", "one"}}, "admin-key");
  EXPECT_EQ(tools.secret_get(uri), (Databag{{"private-key", "one"}}));
  juju.commit();
  tools.secret_set(uri, {{"private-key", "two"}});
  juju.commit();
  EXPECT_EQ(tools.secret_get(uri), (Databag{{"private-key", "two"}}));
}

TEST_F(HookToolsTest, RemovesTheSecretFilesOfKilledDispatches) {
  namespace fs = std::filesystem;
  std::string killed = "/tmp/hockeypuck-k8s-secret.XXXXXX";
  std::string running = killed;
  close(mkstemp(killed.data()));
  close(mkstemp(running.data()));
  fs::last_write_time(killed, fs::file_time_type::clock::now() - std::chrono::minutes(2));
  remove_abandoned_secret_files();
  EXPECT_FALSE(fs::exists(killed));
  EXPECT_TRUE(fs::remove(running));
}

TEST_F(HookToolsTest, LeavesSecretsOfTheApplicationToTheLeader) {
  juju.leader = false;
  EXPECT_TRUE(fault([this] { tools.secret_add({{"private-key", "one"}}); }).not_leader());
}

TEST_F(HookToolsTest, OpensAndClosesPorts) {
  tools.open_port(11371);
  tools.open_port(11370);
  juju.commit();
  tools.close_port(11370);
  juju.commit();
  EXPECT_EQ(tools.opened_ports(), std::set<int>{11371});
}

TEST_F(HookToolsTest, CountsOnlySingleTcpPorts) {
  answer("opened-ports", R"(["11371/tcp","53/udp","8000-8100/tcp","icmp","9626/tcp"])");
  EXPECT_EQ(tools.opened_ports(), (std::set<int>{9626, 11371}));
}

TEST_F(HookToolsTest, TellsTheAddressOnceJujuKnowsIt) {
  EXPECT_EQ(tools.bind_address("juju-info"), "10.1.0.7");
  juju.address.clear();
  EXPECT_EQ(tools.bind_address("juju-info"), "");
  juju.failing["network-get"] = {.exit_code = 0, .out = R"({"bind-addresses":[{}]})", .err = {}};
  EXPECT_EQ(tools.bind_address("juju-info"), "");
}

TEST_F(HookToolsTest, KeepsStateOfTheUnit) {
  EXPECT_EQ(tools.state_get("memory"), "");
  tools.state_set({{"memory", "{\"a\": \"<&>\"}"}});
  tools.state_set({{"other", "x"}});
  EXPECT_EQ(tools.state_get("memory"), "{\"a\": \"<&>\"}");
  EXPECT_EQ(tools.state_get("other"), "x");
  juju.rollback();
  EXPECT_EQ(tools.state_get("memory"), "");
}

TEST_F(HookToolsTest, SetsStatuses) {
  const Status waiting{.kind = StatusKind::waiting, .message = "-- for the database"};
  tools.status_set(Scope::unit, waiting);
  tools.status_set(Scope::app, {.kind = StatusKind::active});
  EXPECT_EQ(juju.unit_status, waiting);
  EXPECT_EQ(juju.app_status, (Status{.kind = StatusKind::active}));
}

TEST_F(HookToolsTest, SetsTheVersion) {
  tools.application_version_set("2.3.3");
  EXPECT_EQ(juju.version, "2.3.3");
}

TEST_F(HookToolsTest, SplitsALogRecordThatIsTooLongAtItsLinesOrElseBetweenCharacters) {
  constexpr std::size_t limit = 100'000;
  const auto text = [](std::size_t size) { return std::string(size, 'x'); };
  const std::string line = text(60'000);
  const std::vector<std::pair<std::string, std::vector<std::string>>> table = {
      {"", {}},
      {"one\ntwo\n", {"one\ntwo\n"}},
      {text(limit), {text(limit)}},
      {line + "\n" + line, {line, line}},
      {"one\n" + text(limit - 4) + "\nthree", {"one\n" + text(limit - 4), "three"}},
      {"one\n" + text(limit - 3) + "\nthree", {"one", text(limit - 3), "three"}},
      {text(2 * limit + 1), {text(limit), text(limit), "x"}},
      {"\n" + text(limit), {"\n" + text(limit - 1), "x"}},
      // Characters of two, three and four bytes.
      {text(limit - 1) + "\xc3\xa9z", {text(limit - 1), "\xc3\xa9z"}},
      {text(limit - 2) + "\xe2\x82\xacz", {text(limit - 2), "\xe2\x82\xacz"}},
      {text(limit - 3) + "\xf0\x9f\x98\x80z", {text(limit - 3), "\xf0\x9f\x98\x80z"}},
      {std::string(limit + 2, '\x80'), {std::string(limit, '\x80'), "\x80\x80"}},
  };
  for (const auto& [message, pieces] : table) {
    juju.log.clear();
    tools.log("INFO", message);
    std::vector<std::pair<std::string, std::string>> expected;
    for (const std::string& piece : pieces) {
      expected.emplace_back("INFO", piece);
    }
    EXPECT_TRUE(juju.log == expected) << message.substr(0, 8) << " of " << message.size();
  }
}

TEST_F(HookToolsTest, SpeaksToActions) {
  juju.action = test::FakeAction{.parameters = R"({"lines":5,"nested":{"a":"<b>"}})"};
  EXPECT_EQ(nlohmann::json::parse(tools.action_get_json()),
            nlohmann::json::parse(juju.action->parameters));
  tools.action_set({{"key-count", "12"}, {"text", "a=b\n-c"}});
  tools.action_log("-half done");
  tools.action_fail("--because");
  EXPECT_EQ(juju.action->results,
            (std::map<std::string, std::string>{{"key-count", "12"}, {"text", "a=b\n-c"}}));
  EXPECT_EQ(juju.action->log, std::vector<std::string>{"-half done"});
  EXPECT_EQ(juju.action->failure, "--because");
}

TEST_F(HookToolsTest, RefusesResultKeysThatJujuWouldRefuse) {
  juju.action = test::FakeAction{};
  for (const std::string key : {"Key", "key_count", "-key", "key-", "a.b", ""}) {
    EXPECT_THROW(tools.action_set({{key, "1"}}), Error) << key;
  }
  EXPECT_EQ(juju.total_calls(), 0);
}

TEST_F(HookToolsTest, RefusesArgumentsThatDoNotFit) {
  juju.action = test::FakeAction{};
  EXPECT_THROW(tools.action_set({{"big", std::string(100'001, 'x')}}), Error);
  EXPECT_THROW(tools.action_log(std::string("a\0b", 3)), Error);
  EXPECT_TRUE(juju.action->results.empty());
}

TEST_F(HookToolsTest, KnowsWhatHasVanished) {
  const auto gone = fault([this] { static_cast<void>(tools.relation_list(9)); });
  EXPECT_TRUE(gone.vanished());
  EXPECT_FALSE(gone.not_leader());
  const auto unit =
      fault([this] { static_cast<void>(tools.relation_get(3, "postgresql-k8s/9", Scope::unit)); });
  EXPECT_TRUE(unit.vanished());
  const auto secret = fault([this] { static_cast<void>(tools.secret_get(secret_uri)); });
  EXPECT_TRUE(secret.vanished());
  juju.secrets["9m4e2mr0ui3e8a215n4g"] = {.revisions = {{{"a", "b"}}}, .granted = false};
  const auto denied = fault([this] { static_cast<void>(tools.secret_get(secret_uri)); });
  EXPECT_TRUE(denied.vanished());
  const auto refused =
      fault([this] { static_cast<void>(tools.secret_get("secret:zzzzzzzzzzzzzzzzzzzz")); });
  EXPECT_TRUE(refused.vanished());
}

TEST_F(HookToolsTest, KnowsTheRefusalsOfFollowers) {
  juju.leader = false;
  const auto bag = fault([this] { tools.relation_set(3, Scope::app, {{"a", "b"}}); });
  EXPECT_TRUE(bag.not_leader());
  EXPECT_FALSE(bag.vanished());
  const auto status = fault([this] { tools.status_set(Scope::app, {}); });
  EXPECT_TRUE(status.not_leader());
}

TEST_F(HookToolsTest, TellsFaultsOfJujuItselfFromRefusals) {
  juju.failing["is-leader"] = {.exit_code = 127, .out = {}, .err = "is-leader: not found"};
  const auto missing = fault([this] { static_cast<void>(tools.is_leader()); });
  EXPECT_FALSE(missing.vanished());
  EXPECT_STREQ(missing.what(), "is-leader: is-leader: not found (exit code 127)");
}

TEST_F(HookToolsTest, NamesTheToolButNeverTheAnswerThatItCannotRead) {
  const std::vector<std::pair<std::string, std::function<void()>>> calls = {
      {"config-get", [this] { static_cast<void>(tools.config_get()); }},
      {"is-leader", [this] { static_cast<void>(tools.is_leader()); }},
      {"relation-ids", [this] { static_cast<void>(tools.relation_ids("database")); }},
      {"relation-list", [this] { static_cast<void>(tools.relation_list(3)); }},
      {"relation-get", [this] { static_cast<void>(tools.relation_get(3, "a", Scope::app)); }},
      {"secret-get", [this] { static_cast<void>(tools.secret_get(secret_uri)); }},
      {"opened-ports", [this] { static_cast<void>(tools.opened_ports()); }},
      {"network-get", [this] { static_cast<void>(tools.bind_address("juju-info")); }},
      {"action-get", [this] { static_cast<void>(tools.action_get_json()); }},
  };
  for (const auto& [tool, call] : calls) {
    for (const std::string text : {"hunter2", "[{\"hunter2\":[]}]", "\"hunter2", ""}) {
      answer(tool, text);
      const std::string what = fault(call).what();
      EXPECT_TRUE(what.starts_with(tool + ": ")) << what;
      EXPECT_EQ(what.find("hunter2"), std::string::npos) << what;
    }
  }
}

}  // namespace
}  // namespace charm::juju
