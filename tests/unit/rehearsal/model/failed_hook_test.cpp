// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/resolver.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

Model settled_model() {
  Model model = small_model();
  take_all(model);
  return model;
}

const Event config_changed{.kind = EventKind::config_changed};

TEST(FailedHook, IsTriedAgainAfterFiveSecondsDoublingToFiveMinutes) {
  Model model = settled_model();
  std::vector<Millis> delays;
  for (int attempt = 0; attempt < 8; ++attempt) {
    note_failed(model, "hk/0", config_changed);
    delays.push_back(model.unit("hk/0").failed->retry_at - model.now);
    model.now = model.unit("hk/0").failed->retry_at;
    EXPECT_EQ(next_event(model, "hk/0"), config_changed);
  }
  EXPECT_EQ(delays, (std::vector<Millis>{5'000, 10'000, 20'000, 40'000, 80'000, 160'000, 300'000,
                                         300'000}));
}

TEST(FailedHook, WithholdsEverythingButActions) {
  Model model = settled_model();
  note_failed(model, "hk/0", config_changed);
  model.unit("hk/0").workload_events.push_back(
      {Event{.kind = EventKind::pebble_ready, .subject = "web"}, 0});
  model.unit("hk/0").update_status_due = model.now;
  EXPECT_EQ(next_event(model, "hk/0"), std::nullopt);
  model.tasks[1] = Task{.id = 1, .unit = "hk/0", .action = "backup"};
  ASSERT_TRUE(next_event(model, "hk/0"));
  EXPECT_EQ(next_event(model, "hk/0")->kind, EventKind::action);
}

TEST(FailedHook, ShowsAsAnErrorUntilItSucceeds) {
  Model model = settled_model();
  note_failed(model, "hk/0", config_changed);
  EXPECT_EQ(model.unit("hk/0").agent.status, "error");
  EXPECT_EQ(model.unit("hk/0").agent.message, "hook failed: \"config-changed\"");
  note_done(model, "hk/0", config_changed);
  EXPECT_EQ(model.unit("hk/0").agent.status, "idle");
  EXPECT_FALSE(model.unit("hk/0").failed);
}

TEST(FailedHook, IsNotTriedAgainWhereTheModelSaysSo) {
  Model model = settled_model();
  model.automatically_retry_hooks = false;
  note_failed(model, "hk/0", config_changed);
  model.now += 60 * one_minute;
  EXPECT_EQ(next_event(model, "hk/0"), std::nullopt);
}

TEST(FailedHook, KeepsADyingUnitUntilItIsResolved) {
  Model model = settled_model();
  begin_removal(model, "hk/0");
  note_failed(model, "hk/0", Event{.kind = EventKind::stop});
  take_all(model);
  EXPECT_EQ(model.units.count("hk/0"), 1U);
}

TEST(FailedWorkloadHook, ComesAgainAfterFiveSecondsWithoutAnError) {
  Model model = settled_model();
  const Event ready{.kind = EventKind::pebble_ready, .subject = "web"};
  model.unit("hk/0").workload_events.push_back({ready, 0});
  note_failed(model, "hk/0", ready);
  EXPECT_EQ(model.unit("hk/0").agent.status, "idle");
  EXPECT_EQ(next_event(model, "hk/0"), std::nullopt);
  EXPECT_EQ(next_timer(model), model.now + 5 * one_second);
  model.now += 5 * one_second;
  EXPECT_EQ(next_event(model, "hk/0"), ready);
}

TEST(KilledHook, RunsAgainWithoutAnError) {
  Model model = settled_model();
  note_interrupted(model, "hk/0", config_changed);
  EXPECT_EQ(model.unit("hk/0").agent.status, "idle");
  model.now += 5 * one_second;
  EXPECT_EQ(next_event(model, "hk/0"), config_changed);
}

}  // namespace
}  // namespace rehearsal::test
