// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/rehearse_command.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace rehearsal::test {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

constexpr const char* keyserver_script = R"sh(
case $JUJU_DISPATCH_PATH in
  actions/*)
    action-set "where=$(action-get to)"
    [ "$(action-get to)" != nowhere ] || action-fail "no such place";;
  *)
    [ "$(config-get name)" != bad ] || exit 1
    status-set active "$(config-get name)"
    open-port 11371
    application-version-set 1.2;;
esac
)sh";

class Commands : public ::testing::Test {
 protected:
  void SetUp() override {
    keyserver_ =
        rehearse_.charm("hk", "requires: {db: {interface: pg}}\npeers: {peers: {interface: x}}\n",
                        keyserver_script);
    rehearse_.write("hk/config.yaml",
                    "options: {name: {type: string, default: ready}, port: {type: int}}\n");
    rehearse_.write("hk/actions.yaml", "go: {description: Goes, params: {to: {type: string}}}\n");
    database_ = rehearse_.charm("pg", "provides: {db: {interface: pg}, other: {interface: pg}}\n",
                                "status-set active");
  }

  void TearDown() override {
    if (HasFailure()) {
      std::cerr << rehearse_.run({"debug-log", "-n", "40"}).output;
    }
  }

  [[nodiscard]] std::string refusal(const Names& arguments) const {
    const ::test::CommandResult result = rehearse_.run(arguments);
    EXPECT_NE(result.status, 0);
    return result.error;
  }

  RehearseCommand rehearse_{"local"};
  std::string keyserver_;
  std::string database_;
};

TEST_F(Commands, DeployAndShowTheModel) {
  rehearse_.ok({"deploy", keyserver_, "-n", "2", "--config", "name=hello"});
  const Json app = rehearse_.status()["applications"]["hk"];
  EXPECT_EQ(app["version"], "1.2");
  EXPECT_EQ(app["application-status"]["current"], "active");
  EXPECT_EQ(app["units"]["hk/0"]["workload-status"]["message"], "hello");
  EXPECT_EQ(app["units"]["hk/0"]["open-ports"], Json({"11371/tcp"}));
  EXPECT_EQ(app["units"]["hk/0"]["leader"], true);
  EXPECT_EQ(app["units"]["hk/1"]["leader"], false);
  const std::string table = rehearse_.ok({"status"});
  EXPECT_NE(table.find("hk/0*  active    idle"), std::string::npos) << table;
}

TEST_F(Commands, RefuseWhatCannotBeDeployed) {
  EXPECT_NE(refusal({"deploy", "./none"}).find("no charm was found at"), std::string::npos);
  EXPECT_NE(refusal({"deploy", "no-such-partner"}).find("not found"), std::string::npos);
  EXPECT_EQ(refusal({"deploy", keyserver_, "--config", "port=many"}),
            "ERROR option \"port\" expected int, got \"many\"\n");
  rehearse_.ok({"deploy", keyserver_});
  EXPECT_EQ(refusal({"deploy", keyserver_}),
            "ERROR cannot add application \"hk\": application already exists\n");
}

TEST_F(Commands, DeployACharmFile) {
  if (std::system("command -v zip unzip >/dev/null") != 0) {
    GTEST_SKIP() << "zip is not on PATH";
  }
  const ::test::CommandResult zipped =
      ::test::run({.arguments = {"zip", "-qr", "../hk.charm", "."}, .directory = keyserver_});
  ASSERT_EQ(zipped.status, 0) << zipped.error;
  rehearse_.ok({"deploy", "hk.charm", "keys"});
  EXPECT_EQ(rehearse_.status()["applications"]["keys"]["application-status"]["current"], "active");
  rehearse_.write("no.charm", "nothing");
  EXPECT_NE(refusal({"deploy", "no.charm"}).find("it is not a charm file"), std::string::npos);
}

TEST_F(Commands, Integrate) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.ok({"deploy", database_});
  EXPECT_EQ(refusal({"integrate", "hk", "pg"}),
            "ERROR ambiguous relation: \"hk pg\" could refer to \"hk:db pg:db\"; \"hk:db "
            "pg:other\"\n");
  rehearse_.ok({"integrate", "hk", "pg:db"});
  const Names hooks = rehearse_.hooks("hk/0");
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "db-relation-joined"), 1);
  EXPECT_NE(rehearse_.ok({"status"}).find("pg:db"), std::string::npos);
  rehearse_.ok({"remove-relation", "hk", "pg"});
  EXPECT_EQ(rehearse_.hooks("hk/0").back(), "db-relation-broken");
  EXPECT_FALSE(rehearse_.status()["applications"]["hk"]["relations"].contains("db"));
}

TEST_F(Commands, Configure) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.ok({"config", "hk", "name=other", "port=8080"});
  EXPECT_EQ(rehearse_.ok({"config", "hk", "name"}), "other\n");
  EXPECT_EQ(rehearse_.ok({"config", "hk", "port"}), "8080\n");
  EXPECT_EQ(rehearse_.hooks("hk/0").back(), "config-changed");
  rehearse_.ok({"config", "hk", "--reset", "name,port"});
  EXPECT_EQ(rehearse_.ok({"config", "hk", "name"}), "ready\n");
  rehearse_.write("values.yaml", "hk: {name: from-file}\n");
  rehearse_.ok({"config", "hk", "--file", "values.yaml"});
  EXPECT_EQ(rehearse_.ok({"config", "hk", "name"}), "from-file\n");
  EXPECT_EQ(refusal({"config", "hk", "none=1"}), "ERROR unknown option \"none\"\n");
}

TEST_F(Commands, RunActions) {
  rehearse_.ok({"deploy", keyserver_});
  EXPECT_EQ(rehearse_.ok({"run", "hk/0", "go", "to=there"}), "where: there\n");
  const ::test::CommandResult failed =
      rehearse_.run({"run", "hk/leader", "go", "to=nowhere", "--format", "json"});
  EXPECT_EQ(failed.status, 1);
  const Json task = Json::parse(failed.output)["hk/0"];
  EXPECT_EQ(task["status"], "failed");
  EXPECT_EQ(task["message"], "no such place");
  EXPECT_EQ(task["results"]["where"], "nowhere");
  EXPECT_EQ(refusal({"run", "hk/0", "none"}),
            "ERROR action \"none\" not defined on unit \"hk/0\"\n");
}

TEST_F(Commands, RunActionsWithYaml) {
  rehearse_.ok({"deploy", keyserver_});
  EXPECT_EQ(refusal({"run", "hk/0", "go", "to=4711"}),
            "ERROR validation failed: (root).to : must be of type string, given 4711\n");
  EXPECT_EQ(rehearse_.ok({"run", "hk/0", "go", "to=4711", "--string-args"}), "where: \"4711\"\n");
  EXPECT_EQ(rehearse_.ok({"run", "hk/0", "go", "to=over\nthere"}), "where: over there\n");
  rehearse_.write("where.yaml", "to: '0x12'\n");
  EXPECT_EQ(rehearse_.ok({"run", "hk/0", "go", "--params", "where.yaml"}), "where: 0x12\n");
}

TEST_F(Commands, CutLongMessagesInTheTableOnly) {
  const std::string message(121, 'x');
  rehearse_.ok({"deploy", keyserver_, "--config", "name=" + message});
  const std::string table = rehearse_.ok({"status"});
  EXPECT_NE(table.find(" " + std::string(117, 'x') + "...\n"), std::string::npos) << table;
  EXPECT_EQ(rehearse_.status()["applications"]["hk"]["application-status"]["message"], message);
}

TEST_F(Commands, AnswerToTheNameJuju) {
  const auto juju = [this](const Names& arguments) { return rehearse_.run(arguments, "juju"); };
  EXPECT_EQ(juju({"add-model", "keys"}).status, 0);
  EXPECT_EQ(juju({"deploy", keyserver_, "--constraints", "mem=1G", "--trust"}).status, 0);
  EXPECT_NE(juju({"status", "--relations"}).output.find("\nkeys "), std::string::npos);
  EXPECT_EQ(juju({"wait"}).error,
            "ERROR juju: \"wait\" is not a juju command. See \"juju --help\".\n");
  EXPECT_EQ(juju({"destroy-model", "keys", "--no-prompt"}).status, 0);
  EXPECT_TRUE(rehearse_.status()["applications"].empty());
}

TEST_F(Commands, CopyFilesAsOnKubernetes) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.write("here/a.txt", "content\n");
  rehearse_.ok({"scp", "here/a.txt", "hk/leader:/b.txt"});
  rehearse_.ok({"scp", "hk/0:/b.txt", "there/c.txt"});
  EXPECT_EQ(::test::file_text(rehearse_.directory() / "there/c.txt"), "content\n");
  EXPECT_EQ(refusal({"scp", "hk/0:/b.txt", "."}), "ERROR open .: is a directory\n");
  EXPECT_EQ(refusal({"scp", "--", "-r", "hk/0:/b.txt", "x"}),
            "ERROR only one source and one destination are allowed for a k8s application\n");
  EXPECT_EQ(refusal({"scp", "none.txt", "hk/0:/x"}),
            "ERROR \"none.txt\" does not exist on local\n");
  EXPECT_EQ(refusal({"scp", "here/a.txt", "hk/0:/none/x"}),
            "ERROR tar: /none: Cannot open: No such file or directory\n");
  EXPECT_EQ(refusal({"scp", "here/a.txt", "x"}),
            "ERROR copy either from pod to host or from host to pod\n");
  EXPECT_EQ(refusal({"scp", "--container", "web", "here/a.txt", "hk/0:/x"}),
            "ERROR container \"web\" must be one of charm\n");
}

TEST_F(Commands, ScaleAndRemove) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.ok({"scale-application", "hk", "3"});
  EXPECT_EQ(rehearse_.status()["applications"]["hk"]["units"].size(), 3U);
  rehearse_.ok({"scale", "hk", "1"});
  EXPECT_EQ(rehearse_.status()["applications"]["hk"]["units"].size(), 1U);
  EXPECT_EQ(rehearse_.hooks("hk/2").back(), "remove");
  rehearse_.ok({"remove-application", "hk"});
  EXPECT_TRUE(rehearse_.status()["applications"].empty());
}

TEST_F(Commands, ShowAndResolveAFailedHook) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.ok({"config", "hk", "name=bad"});
  Json unit = rehearse_.status()["applications"]["hk"]["units"]["hk/0"];
  EXPECT_EQ(unit["workload-status"]["current"], "error");
  EXPECT_EQ(unit["workload-status"]["message"], "hook failed: \"config-changed\"");
  rehearse_.ok({"config", "hk", "name=good"});
  rehearse_.ok({"resolved", "hk/0"});
  unit = rehearse_.status()["applications"]["hk"]["units"]["hk/0"];
  EXPECT_EQ(unit["workload-status"]["message"], "good");
  EXPECT_EQ(refusal({"resolved", "hk/0"}), "ERROR unit \"hk/0\" is not in an error state\n");
}

TEST_F(Commands, WaitSkipsToTheRetryOfAFailedHook) {
  rehearse_.ok({"deploy", keyserver_, "--config", "name=bad"});
  EXPECT_EQ(rehearse_.run({"wait", "--timeout", "1500ms"}).status, 1);
  rehearse_.ok({"wait", "hk", "--for", "error"});
  rehearse_.ok({"config", "hk", "name=good"});
  rehearse_.ok({"wait", "hk", "--message", "good", "--timeout", "20s"});
}

TEST_F(Commands, AdvanceBringsUpdateStatus) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.ok({"advance", "15m"});
  const Names hooks = rehearse_.hooks("hk/0");
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "update-status"), 3);
}

TEST_F(Commands, RefreshToNewCode) {
  rehearse_.ok({"deploy", keyserver_});
  rehearse_.charm("hk", "requires: {db: {interface: pg}}\n", "status-set active 'new code'");
  rehearse_.ok({"refresh", "hk"});
  const Json app = rehearse_.status()["applications"]["hk"];
  EXPECT_EQ(app["charm-rev"], 1);
  EXPECT_EQ(app["units"]["hk/0"]["workload-status"]["message"], "new code");
  Names hooks = rehearse_.hooks("hk/0");
  hooks.erase(hooks.begin(), std::find(hooks.begin(), hooks.end(), "stop"));
  EXPECT_EQ(hooks, (Names{"stop", "upgrade-charm", "config-changed", "start"}));
}

TEST_F(Commands, MoveTheLeadership) {
  rehearse_.ok({"deploy", keyserver_, "-n", "2"});
  rehearse_.ok({"leadership", "hk/1"});
  EXPECT_EQ(rehearse_.hooks("hk/1").back(), "leader-elected");
  EXPECT_NE(rehearse_.ok({"status"}).find("hk/1*"), std::string::npos);
}

TEST_F(Commands, PrintTheLog) {
  rehearse_.ok({"deploy", keyserver_, "-n", "2"});
  const std::string log = rehearse_.ok({"debug-log", "--include", "hk/1", "--level", "INFO"});
  EXPECT_NE(log.find("unit-hk-1: "), std::string::npos);
  EXPECT_EQ(log.find("unit-hk-0: "), std::string::npos);
  const std::string last = rehearse_.ok({"debug-log", "-n", "1"});
  EXPECT_EQ(std::count(last.begin(), last.end(), '\n'), 1);
}

TEST_F(Commands, KeepSeveralModelsApart) {
  rehearse_.ok({"add-model", "one", "--seed", "42", "--juju-version", "4.0.1"});
  rehearse_.ok({"-m", "one", "deploy", keyserver_});
  EXPECT_EQ(rehearse_.ok({"models"}), "one\n");
  EXPECT_TRUE(rehearse_.status()["applications"].empty());
  EXPECT_NE(rehearse_.ok({"-m", "one", "model-config"}).find("seed: 42"), std::string::npos);
  rehearse_.ok({"destroy-model", "one"});
}

TEST_F(Commands, GrantTheUsersSecrets) {
  rehearse_.ok({"deploy", keyserver_});
  const std::string uri = rehearse_.ok({"add-secret", "mine", "key=value"});
  rehearse_.ok({"grant-secret", "mine", "hk"});
  rehearse_.charm("hk", "", "status-set active \"$(secret-get " + uri.substr(0, 27) + " key)\"");
  rehearse_.ok({"refresh", "hk"});
  EXPECT_EQ(rehearse_.status()["applications"]["hk"]["application-status"]["message"], "value");
  rehearse_.ok({"update-secret", "mine", "key=next"});
  EXPECT_EQ(rehearse_.hooks("hk/0").back(), "secret-changed");
}

TEST_F(Commands, ExplainThemselves) {
  const std::string help = rehearse_.ok({"--help"});
  for (const char* command : {"deploy", "integrate", "config", "run", "status", "wait"}) {
    EXPECT_NE(help.find(std::string("\n  ") + command + " "), std::string::npos) << command;
    EXPECT_NE(rehearse_.ok({"help", command}).find("Usage: rehearse " + std::string(command)),
              std::string::npos);
  }
  EXPECT_EQ(rehearse_.run({"nonsense"}).status, 2);
  EXPECT_EQ(rehearse_.run({"deploy", "--nonsense"}).status, 2);
}

}  // namespace
}  // namespace rehearsal::test
