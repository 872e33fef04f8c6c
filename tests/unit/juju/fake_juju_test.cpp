// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace test {
namespace {

using charm::juju::CommandResult;

class FakeJujuTest : public testing::Test {
 protected:
  FakeJujuTest() {
    juju.relations[3] = {.endpoint = "database",
                         .remote_app = "pg",
                         .remote_units = {{"pg/0", {}}},
                         .local_app_data = {{"a", "1"}}};
    juju.relations[4] = {.endpoint = "peers", .remote_app = "hockeypuck-k8s"};
  }

  CommandResult run(const std::vector<std::string>& argv) { return juju.run(argv, {}); }

  FakeJuju juju;
};

TEST_F(FakeJujuTest, RefusesInJujusWords) {
  struct Case {
    std::vector<std::string> argv;
    int exit_code;
    std::string err;
  };

  const std::vector<Case> table = {
      {{"is-leader", "--x", "--format=json"}, 2, "ERROR option provided but not defined: --x\n"},
      {{"is-leader", "--format=json", "x"}, 2, "ERROR unrecognized args: [\"x\"]\n"},
      {{"relation-ids", "--format=json"}, 2, "ERROR no endpoint name specified\n"},
      {{"relation-list", "--format=json"}, 2, "ERROR no relation id specified\n"},
      {{"relation-list", "--format=json", "-r", "db:9"},
       2,
       "ERROR invalid value \"db:9\" for option -r: relation not found\n"},
      {{"relation-list", "--format=json", "-r", "x"},
       2,
       "ERROR invalid value \"x\" for option -r: invalid relation id\n"},
      {{"relation-get", "--format=json", "-r", "3", "-", "pg"},
       2,
       "ERROR expected unit name, got application name \"pg\"\n"},
      {{"status-set", "bad"},
       2,
       "ERROR invalid status \"bad\", expected one of [maintenance blocked waiting active]\n"},
      {{"status-set", "active", "-oops"}, 2, "ERROR option provided but not defined: -oops\n"},
      {{"secret-get", "--format=json", "x"}, 2, "ERROR secret URI \"x\" not valid\n"},
      {{"secret-get", "--format=json", "secret:00000000000000000000"},
       1,
       "ERROR secret \"00000000000000000000\" not found\n"},
      {{"action-get", "--format=json"}, 1, "ERROR not running an action\n"},
      {{"juju-log"}, 2, "ERROR no message specified\n"},
  };
  for (const Case& entry : table) {
    const CommandResult result = run(entry.argv);
    EXPECT_EQ(result.exit_code, entry.exit_code) << entry.err;
    EXPECT_EQ(result.err, entry.err);
    EXPECT_EQ(result.out, "");
  }
  EXPECT_EQ(run({"no-such-tool"}).exit_code, 127);
}

TEST_F(FakeJujuTest, ForgetsTheWritesOfAFailedHookButNotItsStatus) {
  run({"relation-set", "-r", "3", "--app", "a=2"});
  run({"open-port", "80/tcp"});
  run({"status-set", "blocked", "why"});
  juju.rollback();
  juju.commit();
  EXPECT_EQ(juju.relations[3].local_app_data, (charm::Databag{{"a", "1"}}));
  EXPECT_TRUE(juju.ports.empty());
  EXPECT_EQ(juju.unit_status->message, "why");
}

TEST_F(FakeJujuTest, ShowsPendingWritesToOurselvesOnly) {
  run({"relation-set", "-r", "3", "--app", "a=2", "b=3"});
  const auto own =
      run({"relation-get", "--format=json", "-r", "3", "--app", "-", "hockeypuck-k8s"});
  EXPECT_EQ(own.out, "{\"a\":\"2\",\"b\":\"3\"}\n");
  EXPECT_EQ(juju.relations[3].local_app_data, (charm::Databag{{"a", "1"}}));
}

TEST_F(FakeJujuTest, KeepsFollowersFromTheAppBagExceptOfPeers) {
  juju.leader = false;
  EXPECT_EQ(run({"relation-get", "--format=json", "-r", "3", "--app", "-", "hockeypuck-k8s"}).err,
            "ERROR permission denied (unauthorized access)\n");
  EXPECT_EQ(
      run({"relation-get", "--format=json", "-r", "4", "--app", "-", "hockeypuck-k8s"}).exit_code,
      0);
  EXPECT_EQ(run({"relation-set", "-r", "4", "--app", "a=2"}).err,
            "ERROR cannot write relation settings\n");
}

TEST_F(FakeJujuTest, HidesABrokenRelationFromTheListOnly) {
  juju.relations[3].broken = true;
  EXPECT_EQ(run({"relation-ids", "--format=json", "database"}).out, "[]\n");
  EXPECT_EQ(run({"relation-get", "--format=json", "-r", "3", "--app", "-", "pg"}).exit_code, 0);
}

TEST_F(FakeJujuTest, PrintsJsonLikeGo) {
  juju.config = {{"name", std::string("<a&b>")}};
  EXPECT_EQ(run({"config-get", "--format=json"}).out, "{\"name\":\"\\u003ca\\u0026b\\u003e\"}\n");
}

}  // namespace
}  // namespace test
