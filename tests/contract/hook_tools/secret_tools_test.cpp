// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/bash_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

class SecretTools : public ::testing::Test, protected HookTools {
 protected:
  ToolResult hk(const std::string& command) { return world.tool("hk/0", command); }

  ToolResult pg(const std::string& command) { return world.tool("pg/0", command); }

  ToolResult follower(const std::string& command) { return world.tool("hk/1", command); }

  /// Adds a secret of pg, granted to hk; returns its URI.
  std::string shared_secret() {
    world.dispatch("pg/0", {},
                   "uri=$(secret-add --label owner password=one)\n"
                   "secret-grant $uri -r db:1\n"
                   "echo -n $uri > uri");
    return world.charm_file("pg/0", "uri");
  }

  std::vector<std::string> settled_events() {
    world.forget_events();
    world.settle();
    return world.events();
  }
};

using Events = std::vector<std::string>;

constexpr const char* unknown_id = "secret:00000000000000000000";

TEST_F(SecretTools, RefuseBadArguments) {
  EXPECT_EQ(hk("secret-add"), refuses(2, "missing secret value or filename"));
  EXPECT_EQ(hk("secret-add ab=x"), refuses(2, "key \"ab\" not valid"));
  EXPECT_EQ(hk("secret-add Key=x"), refuses(2, "key \"Key\" not valid"));
  EXPECT_EQ(hk("secret-add key-=x"), refuses(2, "key \"key-\" not valid"));
  EXPECT_EQ(hk("secret-add --owner me key=x"), refuses(2, "secret owner \"me\" not valid"));
  EXPECT_EQ(hk("secret-get"), refuses(2, "require either a secret URI or label"));
  EXPECT_EQ(hk("secret-get --label l key"), refuses(2, "secret URI \"key\" not valid"));
  EXPECT_EQ(hk("secret-get x"), refuses(2, "secret URI \"x\" not valid"));
  EXPECT_EQ(hk(std::string("secret-get --peek --refresh ") + unknown_id),
            refuses(2, "specify one of --peek or --refresh but not both"));
  EXPECT_EQ(hk(std::string("secret-get ") + unknown_id),
            refuses(1, "secret \"00000000000000000000\" not found"));
  EXPECT_EQ(hk("secret-get --label none"), refuses(1, "consumer label \"none\" not found"));
}

TEST_F(SecretTools, ReadValuesFromFiles) {
  EXPECT_EQ(hk("printf 'one\\ntwo' > value; "
               "secret-get $(secret-add key#file=value other=x) --format=json"),
            prints("{\"key\":\"one\\ntwo\",\"other\":\"x\"}\n"));
  EXPECT_EQ(hk("secret-add key#file=absent"),
            (ToolResult{1, "", "ERROR open absent: No such file or directory\n"}));
}

TEST_F(SecretTools, ReadASecretAddedInTheSameHook) {
  world.dispatch("hk/0", {},
                 "uri=$(secret-add --label mine key=value)\n"
                 "secret-get $uri --format=json > seen\n"
                 "secret-get --label mine --format=json >> seen");
  EXPECT_EQ(world.charm_file("hk/0", "seen"), "{\"key\":\"value\"}\n{\"key\":\"value\"}\n");
}

TEST_F(SecretTools, ShowWhatTheSameHookHasAsked) {
  world.dispatch("hk/0", {},
                 "uri=$(secret-add --label mine --description first key=value)\n"
                 "echo ${uri#secret:} > id\n"
                 "secret-ids > ids\n"
                 "secret-set $uri --description second key=other\n"
                 "secret-info-get --label mine --format=json > info\n"
                 "secret-get $uri key > seen\n");
  const std::string id = world.charm_file("hk/0", "id").substr(0, 20);
  EXPECT_EQ(world.charm_file("hk/0", "ids"), id + "\n");
  EXPECT_EQ(world.charm_file("hk/0", "info"),
            "{\"" + id +
                "\":{\"description\":\"second\",\"label\":\"mine\",\"owner\":\"application\","
                "\"revision\":1,\"rotation\":\"never\"}}\n");
  EXPECT_EQ(world.charm_file("hk/0", "seen"), "other\n");
  EXPECT_EQ(world.model().secrets.at(id).latest(), 1);
}

TEST_F(SecretTools, MakeOneRevisionOfOneHook) {
  const std::string uri = shared_secret();
  world.dispatch("pg/0", {},
                 "secret-set " + uri + " password=two; secret-set " + uri +
                     " password=three; secret-info-get " + uri +
                     " --format=json > info; secret-remove " + uri +
                     "; secret-ids --format=json > ids; exit 1");
  EXPECT_NE(world.charm_file("pg/0", "info").find("\"revision\":1,"), std::string::npos);
  EXPECT_EQ(world.charm_file("pg/0", "ids"), "null\n");
  world.dispatch("pg/0", {},
                 "secret-set " + uri + " password=two; secret-set " + uri + " password=three");
  const Secret& secret = world.model().secrets.begin()->second;
  EXPECT_EQ(secret.latest(), 2);
  EXPECT_EQ(secret.revisions.at(2).content, (Bag{{"password", "three"}}));
}

TEST_F(SecretTools, DescribeOwnedSecretsOnly) {
  const std::string uri = shared_secret();
  const std::string id = uri.substr(7);
  EXPECT_EQ(pg("secret-info-get " + uri + " --format=json"),
            prints("{\"" + id +
                   "\":{\"access\":[{\"role\":\"view\",\"scope\":\"relation-hk.db#pg.db\","
                   "\"target\":\"application-hk\"}],\"label\":\"owner\",\"owner\":\"application\","
                   "\"revision\":1,\"rotation\":\"never\"}}\n"));
  EXPECT_EQ(hk("secret-info-get " + uri), refuses(1, "secret \"" + id + "\" not found"));
  EXPECT_EQ(hk("secret-info-get --label owner"), refuses(1, "secret \"owner\" not found"));
  EXPECT_EQ(hk("secret-ids --format=json"), prints("null\n"));
}

TEST_F(SecretTools, GrantAndRevoke) {
  const std::string uri = shared_secret();
  EXPECT_EQ(hk("secret-get " + uri + " password"), prints("one\n"));
  EXPECT_EQ(pg("secret-revoke " + uri), refuses(2, "missing relation or application or unit"));
  EXPECT_EQ(pg("secret-revoke " + uri + " --app hk --unit hk/0"),
            refuses(2, "specify only one of application or unit"));
  pg("secret-revoke " + uri + " -r db:1");
  EXPECT_EQ(hk("secret-get " + uri), refuses(1, "permission denied"));
}

TEST_F(SecretTools, SayThatTheyDoNotRotate) {
  EXPECT_EQ(hk("secret-add --rotate often key=x"), refuses(2, "rotate policy \"often\" not valid"));
  EXPECT_EQ(hk("secret-add --rotate daily --expire 1h key=x").exit_code, 0);
  int warnings = 0;
  for (const LogLine& line : world.log()) {
    warnings += line.text.find("the rehearsal ignores --") == 0 ? 1 : 0;
  }
  EXPECT_EQ(warnings, 2);
}

TEST_F(SecretTools, LetOnlyTheLeaderOwnForTheApplication) {
  EXPECT_EQ(follower("secret-add key=value"), refuses(1, "this unit is not the leader"));
  EXPECT_EQ(follower("secret-add --owner unit key=value").exit_code, 0);
  const std::string uri = hk("secret-add --label app key=value").out.substr(0, 27);
  EXPECT_EQ(follower("secret-get --label app"), prints("key: value\n"));
  EXPECT_EQ(follower("secret-set " + uri + " key=other"),
            refuses(1, "this unit is not the leader"));
}

TEST_F(SecretTools, RefuseALabelTwiceInOneHookAtOnce) {
  EXPECT_EQ(hk("secret-add --label twice key=value >/dev/null; secret-add --label twice key=x"),
            refuses(1, "secret with label \"twice\" already exists"));
}

TEST_F(SecretTools, FailTheHookForALabelThatIsTaken) {
  hk("secret-add --label taken key=value");
  const DispatchRecord record =
      world.dispatch("hk/0", {.kind = EventKind::config_changed},
                     "secret-add --label taken key=other; state-set a=b; exit 0");
  EXPECT_EQ(record.exit_code, 0);
  EXPECT_EQ(record.outcome, "refused");
  EXPECT_EQ(record.error, "secret with label \"taken\" already exists");
  EXPECT_TRUE(world.model().unit("hk/0").state.empty());
  EXPECT_TRUE(world.model().unit("hk/0").failed);
}

TEST_F(SecretTools, FailTheHookForASecretThatIsNotOwned) {
  const DispatchRecord record = world.dispatch("hk/0", {.kind = EventKind::config_changed},
                                               std::string("secret-set ") + unknown_id + " key=x");
  EXPECT_EQ(record.outcome, "refused");
}

TEST_F(SecretTools, RefuseASecretThatIsNotGranted) {
  const std::string uri = pg("secret-add password=one").out.substr(0, 27);
  EXPECT_EQ(hk("secret-get " + uri), refuses(1, "permission denied"));
  world.model().juju_version = "4.0.1";
  EXPECT_EQ(hk("secret-get " + uri), refuses(1, "cannot access \"" + uri.substr(7) + "\""));
}

TEST_F(SecretTools, TrackARevisionUntilTheyRefresh) {
  const std::string uri = shared_secret();
  EXPECT_EQ(hk("secret-get " + uri + " password"), prints("one\n"));
  pg("secret-set " + uri + " password=two");
  EXPECT_EQ(hk("secret-get " + uri + " password"), prints("one\n"));
  EXPECT_EQ(hk("secret-get --peek " + uri + " password"), prints("two\n"));
  EXPECT_EQ(hk("secret-get " + uri + " password"), prints("one\n"));
  EXPECT_EQ(hk("secret-get --refresh " + uri + " password"), prints("two\n"));
  EXPECT_EQ(hk("secret-get " + uri + " password"), prints("two\n"));
}

TEST_F(SecretTools, BringTheWholeLifeOfARevision) {
  const std::string uri = shared_secret();
  hk("secret-get " + uri);
  EXPECT_EQ(settled_events(), Events{});
  pg("secret-set " + uri + " password=two");
  EXPECT_EQ(settled_events(), (Events{"hk/0 secret-changed"}));
  EXPECT_EQ(settled_events(), Events{});
  hk("secret-get --refresh " + uri);
  EXPECT_EQ(settled_events(), (Events{"pg/0 secret-remove"}));
  pg("secret-remove --revision 1 " + uri);
  EXPECT_EQ(world.model().secrets.begin()->second.revisions.count(1), 0U);
  EXPECT_EQ(settled_events(), Events{});
}

TEST_F(SecretTools, NameTheSecretByTheConsumersLabel) {
  const std::string uri = shared_secret();
  hk("secret-get " + uri + " --label mine");
  EXPECT_EQ(hk("secret-get --label mine"), prints("password: one\n"));
  pg("secret-set " + uri + " password=two");
  world.set_script("hk/0", "echo -n $JUJU_SECRET_LABEL > label");
  world.settle();
  EXPECT_EQ(world.charm_file("hk/0", "label"), "mine");
}

TEST_F(SecretTools, HideAPendingUpdateUnlessAskedFor) {
  const std::string uri = shared_secret();
  world.dispatch("pg/0", {},
                 "secret-get " + uri + " password > seen\nsecret-set " + uri +
                     " password=two\nsecret-get " + uri + " password >> seen\nsecret-get --peek " +
                     uri + " password >> seen");
  EXPECT_EQ(world.charm_file("pg/0", "seen"), "one\none\ntwo\n");
}

TEST_F(SecretTools, GrantToTheOtherSideOnly) {
  const std::string uri = shared_secret();
  EXPECT_EQ(pg("secret-grant " + uri + " -r db:1 --unit other/0"),
            refuses(2, "cannot specify unit \"other/0\" in relation to application \"hk\""));
  EXPECT_EQ(pg("secret-grant " + uri), refuses(2, "missing relation"));
}

TEST_F(SecretTools, DropEverythingOfAHookThatFails) {
  world.dispatch("hk/0", {.kind = EventKind::config_changed},
                 "secret-add key=value; relation-set -r db:1 a=b; open-port 80; state-set c=d; "
                 "exit 1");
  EXPECT_TRUE(world.model().secrets.empty());
  EXPECT_EQ(world.model().relations.at(db).unit_bags.at("hk/0").count("a"), 0U);
  EXPECT_TRUE(world.model().unit("hk/0").ports.empty());
  EXPECT_TRUE(world.model().unit("hk/0").state.empty());
}

TEST_F(SecretTools, RefuseTooMuch) {
  EXPECT_EQ(
      hk("(printf 'key: '; head -c 800000 /dev/zero | tr '\\0' x) | secret-add --file -").exit_code,
      2);
}

}  // namespace
}  // namespace rehearsal::test
