// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv is POSIX.

namespace charm::juju {
namespace {

using Environment = std::map<std::string, std::string>;

/// The variables that Juju 3.6 sets in every hook and that a Context reads.
Environment hook(const std::string& name, const Environment& more = {}) {
  Environment environment = {
      {"JUJU_DISPATCH_PATH", "hooks/" + name},
      {"JUJU_HOOK_NAME", name},
      {"JUJU_UNIT_NAME", "hockeypuck-k8s/0"},
      {"JUJU_MODEL_NAME", "test"},
      {"JUJU_MODEL_UUID", "9f6c1c1e-0f5b-4a3e-8d2e-6a4b4f1f2a3b"},
      {"JUJU_CHARM_DIR", "/var/lib/juju/agents/unit-hockeypuck-k8s-0/charm"},
      {"JUJU_CHARM_HTTP_PROXY", ""},
      {"JUJU_CHARM_NO_PROXY", "127.0.0.1,localhost,::1"},
  };
  environment.insert(more.begin(), more.end());
  return environment;
}

TEST(Context, TellsWhoAndWhereWeAre) {
  const Context context = Context::from(hook("config-changed"));
  EXPECT_EQ(context.hook_name, "config-changed");
  EXPECT_EQ(context.dispatch_path, "hooks/config-changed");
  EXPECT_EQ(context.action_name, "");
  EXPECT_EQ(context.unit_name, "hockeypuck-k8s/0");
  EXPECT_EQ(context.model_name, "test");
  EXPECT_EQ(context.model_uuid, "9f6c1c1e-0f5b-4a3e-8d2e-6a4b4f1f2a3b");
  EXPECT_EQ(context.charm_dir, "/var/lib/juju/agents/unit-hockeypuck-k8s-0/charm");
  EXPECT_EQ(context.relation_endpoint, "");
  EXPECT_EQ(context.relation_id, std::nullopt);
}

TEST(Context, LeavesOutProxiesThatAreNotSet) {
  const Environment expected = {{"JUJU_CHARM_NO_PROXY", "127.0.0.1,localhost,::1"}};
  EXPECT_EQ(Context::from(hook("start")).proxies, expected);
}

TEST(Context, ReadsTheRelationOfARelationEvent) {
  const Context context =
      Context::from(hook("database-relation-departed",
                         {{"JUJU_RELATION", "database"}, {"JUJU_RELATION_ID", "database:3"}}));
  EXPECT_EQ(context.relation_endpoint, "database");
  EXPECT_EQ(context.relation_id, 3);
  EXPECT_EQ(context.broken_relation, std::nullopt);
}

TEST(Context, TellsThatJujuRemovesThisUnit) {
  const auto removes = [](const std::string& unit) {
    return Context::from(hook("database-relation-departed", {{"JUJU_DEPARTING_UNIT", unit}}))
        .leaving;
  };
  EXPECT_TRUE(removes("hockeypuck-k8s/0"));
  EXPECT_FALSE(removes("hockeypuck-k8s/1"));
  EXPECT_FALSE(Context::from(hook("database-relation-broken")).leaving);
  EXPECT_FALSE(Context::from({}).leaving);
}

TEST(Context, NamesTheBrokenRelationOnlyWhileItBreaks) {
  const auto broken = [](const std::string& name, const std::string& id) {
    return Context::from(hook(name, {{"JUJU_RELATION_ID", id}})).broken_relation;
  };
  EXPECT_EQ(broken("database-relation-broken", "database:3"), 3);
  EXPECT_EQ(broken("traefik-route-relation-broken", "12"), 12);
  EXPECT_EQ(broken("database-relation-changed", "database:3"), std::nullopt);
  EXPECT_EQ(broken("my-relation-broken-relation-changed", "my:3"), std::nullopt);
}

TEST(Context, TakesRelationIdsInBothFormsAndNothingElse) {
  const std::vector<std::pair<std::string, std::optional<int>>> table = {
      {"database:3", 3},  {"3", 3},         {"a:b:10", 10},      {"", {}},
      {"database:", {}},  {"database", {}}, {"database:-1", {}}, {"database:3x", {}},
      {"99999999999", {}}};
  for (const auto& [text, id] : table) {
    EXPECT_EQ(Context::from(hook("x-relation-changed", {{"JUJU_RELATION_ID", text}})).relation_id,
              id)
        << text;
  }
}

TEST(Context, ReadsTheSecretOfASecretEvent) {
  const Context context =
      Context::from(hook("secret-remove", {{"JUJU_SECRET_ID", "secret:9m4e2mr0ui3e8a215n4g"},
                                           {"JUJU_SECRET_REVISION", "2"}}));
  EXPECT_EQ(context.secret_id, "secret:9m4e2mr0ui3e8a215n4g");
  EXPECT_EQ(context.secret_revision, 2);
}

TEST(Context, ReadsTheActionFromTheDispatchPath) {
  const Context context = Context::from({{"JUJU_DISPATCH_PATH", "actions/show-status"},
                                         {"JUJU_HOOK_NAME", ""},
                                         {"JUJU_ACTION_NAME", "show-status"},
                                         {"JUJU_UNIT_NAME", "hockeypuck-k8s/0"}});
  EXPECT_EQ(context.action_name, "show-status");
  EXPECT_EQ(context.hook_name, "");
  EXPECT_TRUE(context.concerns_us());
  EXPECT_EQ(context.goal(), Goal::run);
}

TEST(Context, StopsTheWorkloadOnlyWhenTheUnitGoes) {
  for (const std::string name : {"stop", "remove"}) {
    EXPECT_EQ(Context::from(hook(name)).goal(), Goal::stop) << name;
  }
  for (const std::string name : {"start", "update-status", "data-storage-detaching", "stopped"}) {
    EXPECT_EQ(Context::from(hook(name)).goal(), Goal::run) << name;
  }
}

TEST(Context, IsNotConcernedByEventsThatAskNothing) {
  for (const std::string name :
       {"collect-metrics", "meter-status-changed", "leader-deposed", "leader-settings-changed"}) {
    EXPECT_FALSE(Context::from(hook(name)).concerns_us()) << name;
  }
  EXPECT_FALSE(Context::from({}).concerns_us());
  EXPECT_FALSE(Context::from({{"JUJU_UNIT_NAME", "hockeypuck-k8s/0"}}).concerns_us());
  EXPECT_FALSE(Context::from({{"JUJU_DISPATCH_PATH", "hooks/start"}}).concerns_us());
  EXPECT_TRUE(Context::from(hook("start")).concerns_us());
  EXPECT_TRUE(Context::from(hook("an-event-of-the-future")).concerns_us());
}

TEST(ProcessEnvironment, KeepsEqualsSignsInValues) {
  ASSERT_EQ(::setenv("HOCKEYPUCK_TEST_VARIABLE", "a=b=c", 1), 0);
  EXPECT_EQ(process_environment().at("HOCKEYPUCK_TEST_VARIABLE"), "a=b=c");
}

TEST(Context, TellsEventsThatChangeNothingAndThoseThatBeginAnew) {
  for (const char* name : {"install", "start", "upgrade-charm"}) {
    EXPECT_TRUE(Context::from(hook(name)).begins_anew()) << name;
    EXPECT_FALSE(Context::from(hook(name)).announces_no_change()) << name;
  }
  for (const char* name : {"config-changed", "leader-elected", "secret-changed"}) {
    EXPECT_FALSE(Context::from(hook(name)).begins_anew()) << name;
    EXPECT_FALSE(Context::from(hook(name)).announces_no_change()) << name;
  }
  EXPECT_TRUE(Context::from(hook("update-status")).announces_no_change());
  EXPECT_TRUE(Context::from({{"JUJU_DISPATCH_PATH", "actions/lookup-key"}}).announces_no_change());
}

}  // namespace
}  // namespace charm::juju
