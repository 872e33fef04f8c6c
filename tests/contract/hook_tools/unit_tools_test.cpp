// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/bash_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rehearsal::test {
namespace {

class UnitTools : public ::testing::Test, protected HookTools {
 protected:
  ToolResult hk(const std::string& command, const Event& event = {}) {
    return world.tool("hk/0", command, event);
  }

  ToolResult follower(const std::string& command) { return world.tool("hk/1", command); }

  Unit& unit() { return world.model().unit("hk/0"); }
};

TEST_F(UnitTools, ReadTruthValuesAsGoDoes) {
  for (const char* no : {"0", "f", "F", "FALSE", "false", "False"}) {
    EXPECT_EQ(follower(std::string("status-set --application=") + no + " active " + no).exit_code,
              0);
    EXPECT_EQ(world.model().unit("hk/1").status.message, no);
  }
  for (const char* yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    EXPECT_EQ(hk(std::string("status-set --application=") + yes + " active " + yes).exit_code, 0);
    EXPECT_EQ(world.model().application("hk").status.message, yes);
  }
  EXPECT_EQ(hk("status-set --application=no active"),
            refuses(2,
                    "invalid value \"no\" for option --application: strconv.ParseBool: parsing "
                    "\"no\": invalid syntax"));
}

TEST_F(UnitTools, KnowTheNetworkOfAnExtraBinding) {
  EXPECT_EQ(hk("network-get public"), refuses(1, "no network config found for binding \"public\""));
  world.model().application("hk").charm.extra_bindings.insert("public");
  EXPECT_EQ(hk("network-get public --format=json"), hk("network-get db --format=json"));
}

TEST_F(UnitTools, ReadTheConfig) {
  world.model().application("hk").config["name"] = std::string("a<b");
  EXPECT_EQ(hk("config-get --format=json"),
            prints("{\"debug\":false,\"name\":\"a\\u003cb\",\"port\":80,\"ratio\":2}\n"));
  world.model().application("hk").config.clear();
  EXPECT_EQ(hk("config-get --format=json"), prints("{\"debug\":false,\"port\":80,\"ratio\":2}\n"));
  EXPECT_EQ(hk("config-get --all --format=json"),
            prints("{\"debug\":false,\"name\":null,\"port\":80,\"ratio\":2}\n"));
  EXPECT_EQ(hk("config-get port"), prints("80\n"));
  EXPECT_EQ(hk("config-get debug"), prints("False\n"));
  EXPECT_EQ(hk("config-get --format=json unknown"), prints("null\n"));
  EXPECT_EQ(hk("config-get unknown"), prints(""));
}

TEST_F(UnitTools, WriteToAFileWhenAsked) {
  hk("config-get port --format=json -o answer");
  EXPECT_EQ(world.charm_file("hk/0", "answer"), "80\n");
}

TEST_F(UnitTools, RefuseAnUnknownFormat) {
  EXPECT_EQ(hk("config-get --format=xml").exit_code, 2);
}

TEST_F(UnitTools, KnowTheLeader) {
  EXPECT_EQ(hk("is-leader --format=json"), prints("true\n"));
  EXPECT_EQ(hk("is-leader"), prints("True\n"));
  EXPECT_EQ(follower("is-leader --format=json"), prints("false\n"));
}

TEST_F(UnitTools, SetAStatusAtOnceEvenIfTheHookFails) {
  world.dispatch("hk/0", {.kind = EventKind::config_changed},
                 "status-set blocked 'no database'; exit 1");
  EXPECT_EQ(unit().status.status, "blocked");
  EXPECT_EQ(unit().status.message, "no database");
}

TEST_F(UnitTools, RefuseAStatusThatIsNone) {
  EXPECT_EQ(
      hk("status-set error oops"),
      refuses(2, "invalid status \"error\", expected one of [maintenance blocked waiting active]"));
  EXPECT_EQ(hk("status-set"), refuses(2, "invalid args, require <status> [message] [data]"));
  EXPECT_EQ(hk("status-set active -x"), refuses(2, "option provided but not defined: -x"));
  EXPECT_EQ(hk("status-set active -- -x"), prints(""));
}

TEST_F(UnitTools, LetOnlyTheLeaderSetTheApplicationsStatus) {
  EXPECT_EQ(hk("status-set --application active ready"), prints(""));
  EXPECT_EQ(world.model().application("hk").status.message, "ready");
  EXPECT_EQ(follower("status-set --application blocked"),
            refuses(1, "this unit is not the leader"));
}

TEST_F(UnitTools, ReadTheStatus) {
  hk("status-set active ready");
  EXPECT_EQ(hk("status-get"), prints("active\n"));
  EXPECT_EQ(hk("status-get --format=json"), prints("{\"status\":\"active\"}\n"));
  EXPECT_EQ(hk("status-get --include-data --format=json"),
            prints("{\"message\":\"ready\",\"status\":\"active\",\"status-data\":{}}\n"));
  hk("status-set --application blocked 'no database'");
  EXPECT_EQ(hk("status-get --application"), prints("blocked\n"));
  EXPECT_EQ(hk("status-get --application --include-data --format=json"),
            prints("{\"application-status\":{\"message\":\"no database\",\"status\":\"blocked\","
                   "\"status-data\":{},\"units\":{"
                   "\"hk/0\":{\"message\":\"ready\",\"status\":\"active\",\"status-data\":{}},"
                   "\"hk/1\":{\"message\":\"\",\"status\":\"unknown\",\"status-data\":{}}}}}\n"));
  EXPECT_EQ(follower("status-get --application"),
            refuses(1, "finding application status: this unit is not the leader"));
}

TEST_F(UnitTools, ShowTheGoal) {
  hk("status-set active");
  world.model().now = 1'700'000'000'000;
  world.model().unit("hk/1").life = Life::dying;
  for (auto& [name, known] : world.model().units) {
    known.status.since = world.model().now;
  }
  EXPECT_EQ(hk("goal-state --format=json"),
            prints("{\"relations\":{\"db\":{\"pg\":{\"since\":\"2023-11-14 "
                   "22:13:20Z\",\"status\":\"joined\"},\"pg/0\":{"
                   "\"since\":\"2023-11-14 22:13:20Z\",\"status\":\"unknown\"}}},\"units\":{"
                   "\"hk/0\":{\"since\":\"2023-11-14 22:13:20Z\",\"status\":\"active\"},"
                   "\"hk/1\":{\"since\":\"2023-11-14 22:13:20Z\",\"status\":\"dying\"}}}\n"));
}

TEST_F(UnitTools, KnowTheStorage) {
  const std::string id = unit().storage.at(0).id;
  EXPECT_EQ(hk("storage-list --format=json"), prints("[\"" + id + "\"]\n"));
  EXPECT_EQ(hk("storage-list other --format=json"), prints("[]\n"));
  EXPECT_EQ(hk("storage-get"), refuses(2, "no storage instance specified"));
  EXPECT_EQ(
      hk("storage-get -s " + id + " --format=json"),
      prints("{\"kind\":\"filesystem\",\"location\":\"/var/lib/juju/storage/" + id + "\"}\n"));
  EXPECT_EQ(hk("storage-get -s " + id + " size"), refuses(1, "invalid storage attribute \"size\""));
  unit().attached.clear();
  EXPECT_EQ(hk("storage-list --format=json"), prints("[]\n"));
  const Event attached{.kind = EventKind::storage_attached, .subject = "data", .storage_id = id};
  EXPECT_EQ(hk("storage-list --format=json", attached), prints("[\"" + id + "\"]\n"));
  EXPECT_EQ(hk("storage-get location", attached), prints("/var/lib/juju/storage/" + id + "\n"));
}

TEST_F(UnitTools, FetchAFileResource) {
  EXPECT_EQ(hk("resource-get tool"),
            refuses(1, "could not download resource: resource \"tool\" not found"));
  world.add_file("pg", "given", "the content");
  world.model().application("hk").resources["tool"] =
      world.model().application("pg").source + "/given";
  unit().replace_pod = true;
  world.settle();
  EXPECT_EQ(hk("resource-get tool"),
            prints("/var/lib/juju/agents/unit-hk-0/resources/tool/tool.bin"));
  EXPECT_EQ(world.charm_file("hk/0", "../resources/tool/tool.bin"), "the content");
}

TEST_F(UnitTools, KeepStateOnlyIfTheHookSucceeds) {
  EXPECT_EQ(hk("state-get --format=json"), prints("null\n"));
  world.dispatch("hk/0", {.kind = EventKind::config_changed}, "state-set a=1 b=2; exit 1");
  EXPECT_TRUE(unit().state.empty());
  world.dispatch("hk/0", {.kind = EventKind::config_changed},
                 "state-set a=1 b=2; state-delete b; state-get --format=json > seen");
  EXPECT_EQ(world.charm_file("hk/0", "seen"), "{\"a\":\"1\"}\n");
  EXPECT_EQ(unit().state, (Bag{{"a", "1"}}));
  EXPECT_EQ(hk("state-get a --format=json"), prints("\"1\"\n"));
  EXPECT_EQ(hk("state-get none --format=json"), prints("\"\"\n"));
  EXPECT_EQ(hk("state-get none --strict"), refuses(1, "\"none\" not found"));
}

TEST_F(UnitTools, LimitState) {
  EXPECT_EQ(hk("head -c 65537 /dev/zero | tr '\\0' x | sed 's/^/key: /' | state-set --file -"),
            refuses(1, "max allowed value length (65536) exceeded"));
  EXPECT_EQ(hk("head -c 65536 /dev/zero | tr '\\0' x | sed 's/^/key: /' | state-set --file -"),
            prints(""));
}

TEST_F(UnitTools, OpenPortsAtTheEndOfTheHook) {
  EXPECT_EQ(hk("opened-ports --format=json"), prints("[]\n"));
  world.dispatch("hk/0", {}, "open-port 8080; open-port 53/udp; opened-ports --format=json > seen");
  EXPECT_EQ(world.charm_file("hk/0", "seen"), "[]\n");
  EXPECT_EQ(hk("opened-ports --format=json"), prints("[\"53/udp\",\"8080/tcp\"]\n"));
  hk("close-port 8080/tcp");
  EXPECT_EQ(hk("opened-ports --format=json"), prints("[\"53/udp\"]\n"));
  EXPECT_EQ(hk("open-port 80-90"), refuses(1,
                                           "port ranges are not supported for k8s applications, "
                                           "please specify a single port"));
  EXPECT_EQ(hk("open-port 70000").exit_code, 2);
}

TEST_F(UnitTools, KnowTheNetwork) {
  const std::string address = unit().address;
  EXPECT_EQ(hk("network-get juju-info").exit_code, 0);
  EXPECT_EQ(hk("network-get nothing"),
            refuses(1, "no network config found for binding \"nothing\""));
  EXPECT_NE(hk("network-get db --format=json").out.find("\"ingress-addresses\":[\"" + address),
            std::string::npos);
}

TEST_F(UnitTools, KnowTheirAddress) {
  EXPECT_EQ(hk("unit-get private-address"), prints(unit().address + "\n"));
  EXPECT_EQ(hk("unit-get --format=json public-address"), prints("\"" + unit().address + "\"\n"));
  EXPECT_EQ(hk("unit-get"), refuses(2, "no setting specified"));
  EXPECT_EQ(hk("unit-get name"), refuses(2, "unknown setting \"name\""));
}

TEST_F(UnitTools, LogWithTheRelationBeforeTheText) {
  hk("juju-log -l warning a b", db_event(EventKind::relation_changed, "pg/0"));
  const LogLine line = world.log().at(world.log().size() - 2);
  EXPECT_EQ(line.level, "WARNING");
  EXPECT_EQ(line.logger, "unit.hk/0.juju-log");
  EXPECT_EQ(line.text, "db:1: a b");
  EXPECT_EQ(hk("juju-log"), refuses(2, "no message specified"));
}

TEST_F(UnitTools, SetTheVersionAtOnce) {
  hk("application-version-set 2.3.3");
  EXPECT_EQ(world.model().application("hk").workload_version, "2.3.3");
}

TEST_F(UnitTools, AreNoActionToolsOutsideAnAction) {
  for (const char* command : {"action-get", "action-set a=b", "action-fail", "action-log x"}) {
    EXPECT_EQ(hk(command), refuses(1, "not running an action")) << command;
  }
}

TEST_F(UnitTools, RebootNothing) {
  EXPECT_EQ(hk("juju-reboot --now"), prints(""));
  EXPECT_TRUE(std::any_of(world.log().begin(), world.log().end(), [](const LogLine& line) {
    return line.level == "WARNING" && line.logger == "unit.hk/0.juju-reboot";
  }));
  world.model().tasks[1] = Task{.id = 1, .unit = "hk/0", .action = "go"};
  EXPECT_EQ(hk("juju-reboot", Event{.kind = EventKind::action, .subject = "go", .action_id = 1}),
            refuses(1, "juju-reboot is not supported when running an action."));
}

TEST_F(UnitTools, NameAServiceForTheModel) {
  hk("rehearsal-service set hk-primary hk/0");
  EXPECT_EQ(world.machine().names().at("hk-primary.test.svc.cluster.local"),
            std::vector<std::string>{unit().address});
  EXPECT_EQ(hk("rehearsal-service set hk-primary pg/0"),
            refuses(1, "unit \"pg/0\" does not belong to this application"));
  hk("rehearsal-service unset hk-primary");
  EXPECT_EQ(world.machine().names().count("hk-primary.test.svc.cluster.local"), 0U);
}

TEST_F(UnitTools, AreCounted) {
  const DispatchRecord record = world.dispatch(
      "hk/0", {}, "is-leader; config-get; config-get; echo a: b | state-set --file -");
  EXPECT_EQ(record.calls,
            (std::map<std::string, int>{{"config-get", 2}, {"is-leader", 1}, {"state-set", 1}}));
  EXPECT_GT(record.wall_milliseconds, 0);
}

TEST_F(UnitTools, MayReadTheOutputOfOneAnother) {
  world.dispatch("hk/0", {}, "config-get --format=json | state-set --file -");
  EXPECT_EQ(unit().state.at("port"), "80");
}

}  // namespace
}  // namespace rehearsal::test
