// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/bash_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

class RelationTools : public ::testing::Test, protected HookTools {
 protected:
  ToolResult hk(const std::string& command, const Event& event = {}) {
    return world.tool("hk/0", command, event);
  }

  ToolResult follower(const std::string& command) { return world.tool("hk/1", command); }
};

TEST_F(RelationTools, ListIds) {
  EXPECT_EQ(hk("relation-ids db --format=json"), prints("[\"db:1\"]\n"));
  EXPECT_EQ(hk("relation-ids --format json peers"), prints("[\"peers:0\"]\n"));
  EXPECT_EQ(hk("relation-ids spare --format=json"), prints("[]\n"));
  EXPECT_EQ(hk("relation-ids undeclared --format=json"), prints("[]\n"));
  EXPECT_EQ(hk("relation-ids db"), prints("db:1\n"));
  EXPECT_EQ(hk("relation-ids"), refuses(2, "no endpoint name specified"));
  EXPECT_EQ(hk("relation-ids --format=json", db_event(EventKind::relation_changed, "pg/0")),
            prints("[\"db:1\"]\n"));
  EXPECT_EQ(hk("relation-ids a b"), refuses(2, "unrecognized args: [\"b\"]"));
}

TEST_F(RelationTools, NameTheModelOfTheRemoteApplication) {
  EXPECT_EQ(hk("relation-model-get -r db:1 --format=json"),
            prints("{\"uuid\":\"0b8a6b6e-0000-4000-8000-000000000001\"}\n"));
  EXPECT_EQ(hk("relation-model-get"), refuses(2, "no relation id specified"));
}

TEST_F(RelationTools, LeaveOutTheRelationBeingBroken) {
  const Event broken = db_event(EventKind::relation_broken);
  EXPECT_EQ(hk("relation-ids db --format=json", broken), prints("[]\n"));
}

TEST_F(RelationTools, StillReadTheRelationBeingBroken) {
  world.dispatch("pg/0", {}, "relation-set -r db:1 --app version=15");
  const Event broken = db_event(EventKind::relation_broken);
  EXPECT_EQ(hk("relation-get --format=json -r db:1 --app - pg", broken),
            prints("{\"version\":\"15\"}\n"));
}

TEST_F(RelationTools, ListMembers) {
  EXPECT_EQ(hk("relation-list -r db:1 --format=json"), prints("[\"pg/0\"]\n"));
  EXPECT_EQ(hk("relation-list -r 1 --app --format=json"), prints("\"pg\"\n"));
  EXPECT_EQ(hk("relation-list -r peers:0 --format=json"), prints("[\"hk/1\"]\n"));
  EXPECT_EQ(hk("relation-list"), refuses(2, "no relation id specified"));
  EXPECT_EQ(hk("relation-list -r db:9"),
            refuses(2, "invalid value \"db:9\" for option -r: relation not found"));
  EXPECT_EQ(hk("relation-list -r x"),
            refuses(2, "invalid value \"x\" for option -r: invalid relation id"));
}

TEST_F(RelationTools, LeaveOutTheUnitThatDepartsButReadItsBag) {
  world.dispatch("pg/0", {}, "relation-set -r db:1 key=value");
  const Event departed = db_event(EventKind::relation_departed, "pg/0");
  EXPECT_EQ(hk("relation-list --format=json", departed), prints("[]\n"));
  EXPECT_EQ(hk("relation-get key pg/0", departed), prints("value\n"));
}

TEST_F(RelationTools, ReadBags) {
  world.dispatch("pg/0", {}, "relation-set -r db:1 'html=<a&b>' number=1");
  const std::string address = world.model().unit("pg/0").address;
  EXPECT_EQ(hk("relation-get -r db:1 --format=json - pg/0"),
            prints("{\"egress-subnets\":\"" + address +
                   "/32\",\"html\":\"\\u003ca\\u0026b\\u003e\",\"ingress-address\":\"" + address +
                   "\",\"number\":\"1\",\"private-address\":\"" + address + "\"}\n"));
  EXPECT_EQ(hk("relation-get -r db:1 --format=json number pg/0"), prints("\"1\"\n"));
  EXPECT_EQ(hk("relation-get -r db:1 --format=json absent pg/0"), prints("null\n"));
  EXPECT_EQ(hk("relation-get -r db:1 absent pg/0"), prints(""));
  EXPECT_EQ(hk("relation-get -r db:1 number"), refuses(2, "no unit or application specified"));
  EXPECT_EQ(hk("relation-get -r db:1 - pg"),
            refuses(2, "expected unit name, got application name \"pg\""));
  EXPECT_EQ(hk("relation-get -r db:1 - pg/9").exit_code, 1);
  EXPECT_NE(hk("relation-get -r db:1 - pg/9").err.find("settings not found"), std::string::npos);
}

TEST_F(RelationTools, ReadTheRemoteSideOfTheHookByDefault) {
  world.dispatch("pg/0", {}, "relation-set -r db:1 key=unit; relation-set -r db:1 --app key=app");
  EXPECT_EQ(hk("relation-get key", db_event(EventKind::relation_changed, "pg/0")),
            prints("unit\n"));
  EXPECT_EQ(hk("relation-get key", db_event(EventKind::relation_changed)), prints("app\n"));
  EXPECT_EQ(hk("relation-get --app key", db_event(EventKind::relation_changed, "pg/0")),
            prints("app\n"));
}

TEST_F(RelationTools, LetOnlyTheLeaderAtTheApplicationsBag) {
  world.dispatch("hk/0", {}, "relation-set -r db:1 --app key=value");
  EXPECT_EQ(hk("relation-get -r db:1 --app key hk"), prints("value\n"));
  EXPECT_EQ(follower("relation-get -r db:1 --app key hk"),
            refuses(1, "permission denied (unauthorized access)"));
  EXPECT_EQ(follower("relation-set -r db:1 --app key=other"),
            refuses(1, "cannot write relation settings"));
  EXPECT_EQ(hk("relation-get -r db:1 --app key hk"), prints("value\n"));
}

TEST_F(RelationTools, LetFollowersReadTheirOwnPeerBag) {
  world.dispatch("hk/0", {}, "relation-set -r peers:0 --app key=value");
  EXPECT_EQ(follower("relation-get -r peers:0 --app key hk"), prints("value\n"));
}

TEST_F(RelationTools, ShowTheirOwnWritesAtOnceAndToOthersAfterTheHook) {
  world.dispatch("hk/0", {},
                 "relation-set -r db:1 key=new last=1\n"
                 "relation-get -r db:1 --format=json key hk/0 > seen\n"
                 "relation-set -r db:1 key=\n"
                 "relation-get -r db:1 --format=json key hk/0 >> seen");
  EXPECT_EQ(world.charm_file("hk/0", "seen"), "\"new\"\nnull\n");
  EXPECT_EQ(world.tool("pg/0", "relation-get -r db:1 --format=json last hk/0"), prints("\"1\"\n"));
}

TEST_F(RelationTools, SetFromAFileOrStandardInput) {
  world.dispatch("hk/0", {},
                 "echo '{\"a\": \"from file\", \"b\": \"old\"}' > bag.json\n"
                 "relation-set -r db:1 --file bag.json b=new\n"
                 "echo 'c: \"007\"' | relation-set -r db:1 --file -");
  const Bag& bag = world.model().relations.at(db).unit_bags.at("hk/0");
  EXPECT_EQ(bag.at("a"), "from file");
  EXPECT_EQ(bag.at("b"), "new");
  EXPECT_EQ(bag.at("c"), "007");
}

TEST_F(RelationTools, RefuseWhatIsNoSetting) {
  EXPECT_EQ(hk("relation-set -r db:1 word"), refuses(2, "expected \"key=value\", got \"word\""));
  EXPECT_EQ(hk("relation-set key=value"), refuses(2, "no relation id specified"));
  EXPECT_EQ(hk("relation-set --nope key=value"),
            refuses(2, "option provided but not defined: --nope"));
}

TEST_F(RelationTools, TellOthersOnlyOfARealDifference) {
  world.dispatch("hk/0", {}, "relation-set -r db:1 key=value");
  world.settle();
  EXPECT_EQ(world.events().back(), "pg/0 db-relation-changed");
  world.forget_events();
  world.dispatch("hk/0", {}, "relation-set -r db:1 key=value absent=");
  world.settle();
  EXPECT_EQ(world.events(), (std::vector<std::string>{"hk/0 update-status"}));
}

TEST_F(RelationTools, DoNotTellTheWriterOfAPeerBag) {
  world.dispatch("hk/0", {}, "relation-set -r peers:0 --app key=value");
  world.settle();
  EXPECT_EQ(world.events(),
            (std::vector<std::string>{"hk/0 update-status", "hk/1 peers-relation-changed"}));
}

TEST_F(RelationTools, AreRefusedAfterTheirHook) {
  world.dispatch("hk/0", {}, "echo -n $JUJU_CONTEXT_ID > id");
  const std::string old = world.charm_file("hk/0", "id");
  const ToolResult stale = hk("JUJU_CONTEXT_ID=" + old + " is-leader");
  EXPECT_EQ(stale.exit_code, 1);
  EXPECT_EQ(stale.err.rfind("ERROR bad request: expected context id \"hk/0-update-status-", 0), 0U)
      << stale.err;
  EXPECT_EQ(hk("JUJU_CONTEXT_ID= is-leader").exit_code, 1);
}

TEST_F(RelationTools, AreRefusedWhenUnknown) {
  EXPECT_EQ(hk("ln -sf jujuc ../../../tools/unit-hk-0/leader-set; leader-set a=b"),
            refuses(1, "bad request: unknown hook command: leader-set"));
}

}  // namespace
}  // namespace rehearsal::test
