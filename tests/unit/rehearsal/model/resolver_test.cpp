// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/resolver.hpp"

#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace rehearsal::test {
namespace {

using Events = std::vector<std::string>;

constexpr std::uint64_t seeds = 200;

std::ptrdiff_t place(const Events& events, const std::string& event) {
  return std::find(events.begin(), events.end(), event) - events.begin();
}

bool has(const Events& events, const std::string& event) {
  return place(events, event) < std::ssize(events);
}

TEST(EventOrder, IsLegalForEverySeedAtTheFirstDeployment) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    Model model = small_model(seed);
    integrate(model);
    const Events events = take_all(model);
    const auto install = place(events, "hk/0 install");
    const auto config = place(events, "hk/0 config-changed");
    EXPECT_LT(install, place(events, "hk/0 db-relation-created"));
    EXPECT_LT(place(events, "hk/0 db-relation-created"), place(events, "hk/0 leader-elected"));
    EXPECT_LT(place(events, "hk/0 leader-elected"), config);
    EXPECT_LT(config, place(events, "hk/0 start"));
    EXPECT_LT(place(events, "hk/0 start"), place(events, "hk/0 db-relation-joined pg/0"));
    EXPECT_LT(install, place(events, "hk/0 web-pebble-ready"));
    EXPECT_LT(install, place(events, "hk/0 data-storage-attached"));
    EXPECT_TRUE(has(events, "hk/0 web-pebble-ready"));
    EXPECT_TRUE(has(events, "hk/0 peers-relation-created"));
    EXPECT_FALSE(has(events, "hk/0 peers-relation-joined hk/0"));
  }
}

TEST(EventOrder, LetsNothingOvertakeAQueuedStart) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    Events own;
    for (const std::string& event : take_all(model)) {
      if (event.rfind("hk/0", 0) == 0) {
        own.push_back(event);
      }
    }
    EXPECT_EQ(place(own, "hk/0 config-changed") + 1, place(own, "hk/0 start")) << "seed " << seed;
  }
}

TEST(EventOrder, LeavesPebbleReadyToChanceAroundConfigChanged) {
  std::set<bool> before;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    const Events events = take_all(model);
    before.insert(place(events, "hk/0 web-pebble-ready") < place(events, "hk/0 config-changed"));
  }
  EXPECT_EQ(before, (std::set<bool>{false, true}));
}

TEST(EventOrder, LeavesTheOrderOfRelationsToChance) {
  std::set<bool> before;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    integrate(model);
    const Events events = take_all(model);
    before.insert(place(events, "hk/0 peers-relation-created") <
                  place(events, "hk/0 db-relation-created"));
  }
  EXPECT_EQ(before, (std::set<bool>{false, true}));
}

TEST(EventOrder, IsTheSameForTheSameSeed) {
  Model one = small_model(7);
  Model other = small_model(7);
  integrate(one);
  integrate(other);
  EXPECT_EQ(take_all(one), take_all(other));
}

TEST(EventOrder, FollowsEachJoinedWithItsChanged) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    integrate(model);
    add_units(model, "pg", 3);
    for (auto& [name, unit] : model.units) {
      unit.pod = true;
    }
    Events own;
    for (const std::string& event : take_all(model)) {
      if (event.rfind("hk/0 db-", 0) == 0) {
        own.push_back(event);
      }
    }
    for (const char* remote : {"pg/0", "pg/1", "pg/2"}) {
      const auto joined = place(own, std::string("hk/0 db-relation-joined ") + remote);
      EXPECT_EQ(joined + 1, place(own, std::string("hk/0 db-relation-changed ") + remote))
          << "seed " << seed;
    }
  }
}

TEST(EventOrder, DepartsBeforeItBreaksWhenARelationGoes) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    const int id = integrate(model);
    take_all(model);
    model.relations.at(id).life = Life::dying;
    const Events events = take_all(model);
    EXPECT_LT(place(events, "hk/0 db-relation-departed pg/0"),
              place(events, "hk/0 db-relation-broken"));
    EXPECT_TRUE(has(events, "hk/0 db-relation-broken")) << "seed " << seed;
    EXPECT_EQ(model.relations.count(id), 0U);
  }
}

TEST(EventOrder, TakesAUnitApartInTheOrderOfTheCode) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Model model = small_model(seed);
    integrate(model);
    take_all(model);
    model.application("hk").scale = 0;
    begin_removal(model, "hk/0");
    Events own;
    for (const std::string& event : take_all(model)) {
      if (event.rfind("hk/0", 0) == 0) {
        own.push_back(event);
      }
    }
    EXPECT_EQ(own, (Events{"hk/0 data-storage-detaching", "hk/0 db-relation-departed pg/0",
                           "hk/0 db-relation-broken", "hk/0 stop", "hk/0 remove"}))
        << "seed " << seed;
    EXPECT_EQ(model.units.count("hk/0"), 0U);
  }
}

TEST(EventOrder, InstallsAUnitAgainIfItsApplicationWasScaledUpDuringItsRemoval) {
  Model model = small_model();
  take_all(model);
  begin_removal(model, "hk/0");
  model.application("hk").scale = 1;
  EXPECT_TRUE(has(take_all(model), "hk/0 remove"));
  ASSERT_EQ(model.units.count("hk/0"), 1U);
  EXPECT_EQ(model.unit("hk/0").life, Life::alive);
  model.unit("hk/0").pod = true;
  EXPECT_TRUE(has(take_all(model), "hk/0 install"));
}

TEST(EventOrder, TellsTheOtherSideThatAUnitLeft) {
  Model model = small_model();
  integrate(model);
  take_all(model);
  begin_removal(model, "hk/0");
  EXPECT_TRUE(has(take_all(model), "pg/0 db-relation-departed hk/0"));
}

TEST(EventOrder, BreaksTheOtherSidesRelationWhenAnApplicationGoes) {
  Model model = small_model();
  const int id = integrate(model);
  take_all(model);
  model.application("pg").life = Life::dying;
  model.relations.at(id).life = Life::dying;
  begin_removal(model, "pg/0");
  const Events events = take_all(model);
  EXPECT_TRUE(has(events, "hk/0 db-relation-departed pg/0"));
  EXPECT_TRUE(has(events, "hk/0 db-relation-broken"));
  EXPECT_TRUE(has(events, "pg/0 remove"));
  EXPECT_EQ(model.applications.count("pg"), 0U);
  EXPECT_EQ(model.relations.count(id), 0U);
}

TEST(EventOrder, StartsWithAnEmptyBagWhenAUnitComesBack) {
  Model model = small_model();
  const int id = integrate(model);
  add_units(model, "pg", 2);
  model.unit("pg/1").pod = true;
  take_all(model);
  write_unit_bag(model.relations.at(id), "pg/1", {{"key", "value"}});
  begin_removal(model, "pg/1");
  take_all(model);
  EXPECT_EQ(model.relations.at(id).unit_bags.at("pg/1").count("key"), 1U);
  add_units(model, "pg", 2);
  model.unit("pg/1").pod = true;
  take_all(model);
  EXPECT_EQ(model.relations.at(id).unit_bags.at("pg/1").count("key"), 0U);
}

TEST(EventOrder, NamesItselfAsDepartingWhenItIsTheOneThatGoes) {
  Model model = small_model();
  integrate(model);
  take_all(model);
  begin_removal(model, "hk/0");
  model.unit("hk/0").attached.clear();
  const auto event = next_event(model, "hk/0");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EventKind::relation_departed);
  EXPECT_EQ(event->departing_unit, "hk/0");
  EXPECT_EQ(next_event(model, "pg/0")->departing_unit, "hk/0");
}

TEST(EventOrder, NeverBreaksAPeerRelation) {
  Model model = small_model();
  add_units(model, "hk", 2);
  model.unit("hk/1").pod = true;
  take_all(model);
  begin_removal(model, "hk/1");
  const Events events = take_all(model);
  EXPECT_TRUE(has(events, "hk/1 peers-relation-departed hk/0"));
  EXPECT_TRUE(has(events, "hk/0 peers-relation-departed hk/1"));
  EXPECT_FALSE(has(events, "hk/1 peers-relation-broken"));
}

TEST(RelationChanged, ComesForARealDifferenceOnly) {
  Model model = small_model();
  Relation& relation = model.relations.at(integrate(model));
  take_all(model);
  EXPECT_TRUE(write_app_bag(relation, "pg", {{"version", "15"}}));
  EXPECT_EQ(take_all(model), (Events{"hk/0 db-relation-changed"}));
  EXPECT_FALSE(write_app_bag(relation, "pg", {{"version", "15"}, {"absent", ""}}));
  EXPECT_EQ(take_all(model), Events{});
}

TEST(ConfigChanged, ComesWhenAValueOrTheAddressChanges) {
  Model model = small_model();
  take_all(model);
  model.application("hk").config["name"] = std::string("y");
  EXPECT_EQ(take_all(model), (Events{"hk/0 config-changed"}));
  model.application("hk").config["name"] = std::string("y");
  EXPECT_EQ(take_all(model), Events{});
  model.unit("hk/0").address = "10.1.9.9";
  EXPECT_TRUE(has(take_all(model), "hk/0 config-changed"));
}

TEST(UpdateStatus, ComesEveryFiveMinutes) {
  Model model = small_model();
  take_all(model);
  model.now += 5 * one_minute - 1;
  EXPECT_EQ(take_all(model), Events{});
  model.now += 1;
  EXPECT_TRUE(has(take_all(model), "hk/0 update-status"));
  EXPECT_EQ(take_all(model), Events{});
}

TEST(NewPod, BringsUpgradeConfigAndStartButNoInstall) {
  Model model = small_model();
  take_all(model);
  Unit& unit = model.unit("hk/0");
  unit.started = false;
  unit.upgrade_pending = true;
  EXPECT_EQ(take_all(model), (Events{"hk/0 upgrade-charm", "hk/0 config-changed", "hk/0 start"}));
}

TEST(RestartedAgent, BringsStart) {
  Model model = small_model();
  take_all(model);
  model.unit("hk/0").agent_restarted = true;
  EXPECT_EQ(take_all(model), (Events{"hk/0 start"}));
}

TEST(Leadership, TellsOnlyTheNewLeader) {
  Model model = small_model();
  add_units(model, "hk", 2);
  model.unit("hk/1").pod = true;
  EXPECT_TRUE(has(take_all(model), "hk/0 leader-elected"));
  model.application("hk").leader = "hk/1";
  EXPECT_EQ(take_all(model), (Events{"hk/1 leader-elected"}));
}

}  // namespace
}  // namespace rehearsal::test
