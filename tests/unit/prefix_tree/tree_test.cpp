// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/prefix_tree/tree.hpp"

#include <gtest/gtest.h>

namespace charm::prefix_tree {
namespace {

constexpr std::int64_t noon = 1'800'014'400;
constexpr std::int64_t hour = 3600;
constexpr std::chrono::seconds settling(180);
constexpr Comparison equal{.digests = 1000, .keys = 1000, .settled = 1000};
constexpr Comparison far{.digests = 20, .keys = 1000, .settled = 1000};

TEST(RebuildStep, OneThatIsRequestedBeginsWhateverRuns) {
  for (const char* state : {"", "active", "inactive", "error", "backoff"}) {
    for (const bool closed : {false, true}) {
      EXPECT_EQ(next_stage({.state = RebuildState::requested}, state, closed), Stage::begin)
          << state;
    }
  }
}

TEST(RebuildStep, ABuildIsWaitedForWhileItRunsAndDoneWhenItEndedWell) {
  const Rebuild building{.state = RebuildState::building};
  EXPECT_EQ(next_stage(building, "active", false), Stage::wait);
  EXPECT_EQ(next_stage(building, "active", true), Stage::wait);
  EXPECT_EQ(next_stage(building, "inactive", true), Stage::finish);
}

TEST(RebuildStep, ABuildThatDidNotEndWellBeginsAnew) {
  const Rebuild building{.state = RebuildState::building};
  EXPECT_EQ(next_stage(building, "inactive", false), Stage::begin) << "an operator stopped it";
  for (const bool closed : {false, true}) {
    EXPECT_EQ(next_stage(building, "error", closed), Stage::begin) << "it failed";
    EXPECT_EQ(next_stage(building, "", closed), Stage::begin) << "the container was restarted";
    EXPECT_EQ(next_stage(building, "backoff", closed), Stage::begin) << "another definition of it";
  }
}

TEST(Tree, IsAFolderWithMoreThanLockAndLog) {
  EXPECT_FALSE(is_tree({}));
  EXPECT_FALSE(is_tree({"LOCK", "LOG", "LOG.old"}));
  EXPECT_TRUE(is_tree({"LOCK", "LOG", "MANIFEST-000000"}));
  EXPECT_TRUE(is_tree({"000001.log"}));
}

constexpr Tree of_leader{.exists = true, .reconciles_with_peers = true};
constexpr Tree of_follower{.exists = true};

TEST(Tree, OfThisDatabaseIsUsable) {
  const Record record{.database = "7/1"};
  EXPECT_EQ(why_not_usable(of_leader, record, {.identity = "7/1", .has_keys = true}), "");
  EXPECT_EQ(why_not_usable(of_leader, record, {.identity = "7/1", .has_keys = false}), "");
}

TEST(Tree, ThatIsMissingMattersOnlyWhereThereAreKeys) {
  EXPECT_EQ(why_not_usable({}, std::nullopt, {.identity = "7/1", .has_keys = false}), "");
  EXPECT_EQ(why_not_usable({}, std::nullopt, {.identity = "7/1", .has_keys = true}),
            "it was missing");
  EXPECT_EQ(why_not_usable({}, Record{.database = "7/1"}, {.identity = "7/1", .has_keys = true}),
            "it was missing");
}

TEST(Tree, OfAnotherDatabaseOrWithoutARecordIsOfNoUseToALeader) {
  const Record record{.database = "7/1"};
  for (const bool has_keys : {false, true}) {
    EXPECT_EQ(why_not_usable(of_leader, record, {.identity = "8/1", .has_keys = has_keys}),
              "it was made for another database");
    EXPECT_EQ(why_not_usable(of_leader, std::nullopt, {.identity = "7/1", .has_keys = has_keys}),
              "this unit did not reconcile before");
    EXPECT_EQ(why_not_usable(of_follower, record, {.identity = "8/1", .has_keys = has_keys}), "");
    EXPECT_EQ(why_not_usable(of_follower, std::nullopt, {.identity = "7/1", .has_keys = has_keys}),
              "");
  }
}

TEST(Turn, IsOneUnitsAtATimeAndComesToEach) {
  constexpr std::int64_t week = 7 * 24 * 3600;
  for (const std::size_t units : {1U, 2U, 5U}) {
    std::set<std::size_t> had;
    for (std::int64_t now = 0; now < week; now += 1800) {
      std::size_t at_this_time = 0;
      for (std::size_t unit = 0; unit < units; ++unit) {
        if (is_turn({unit, units}, now)) {
          ++at_this_time;
          had.insert(unit);
        }
      }
      EXPECT_EQ(at_this_time, 1U) << now;
    }
    EXPECT_EQ(had.size(), units);
  }
}

TEST(Damage, IsWhatLevelDbSaysOfIt) {
  for (const char* words :
       {"leveldb/table: corruption on data-block (pos=0): checksum mismatch, want=0x1 got=0x2",
        "leveldb/storage: corrupted or incomplete CURRENT file",
        "database entry point either missing or corrupted",
        "leveldb: manifest corrupted (field 'comparer'): missing [file=MANIFEST-000004]",
        "file missing"}) {
    EXPECT_TRUE(is_damage(words)) << words;
  }
  for (const char* words : {"", "listen tcp :11371: bind: address already in use",
                            "resource temporarily unavailable", "template file missing: x"}) {
    EXPECT_FALSE(is_damage(words)) << words;
  }
}

TEST(Comparison, IsFarByMoreThanAHundredKeysAndOnePercent) {
  EXPECT_FALSE(is_far({.digests = 1000, .keys = 1100}));
  EXPECT_TRUE(is_far({.digests = 1000, .keys = 1101}));
  EXPECT_TRUE(is_far({.digests = 1101, .keys = 1000}));
  EXPECT_FALSE(is_far({.digests = 990'000, .keys = 1'000'000}));
  EXPECT_TRUE(is_far({.digests = 989'999, .keys = 1'000'000}));
}

TEST(Comparison, OfFewKeysIsFarByMoreThanHalfOfThem) {
  EXPECT_FALSE(is_far({}));
  EXPECT_FALSE(is_far({.digests = 20, .keys = 23}));
  EXPECT_FALSE(is_far({.digests = 1, .keys = 2}));
  EXPECT_TRUE(is_far({.digests = 0, .keys = 1}));
  EXPECT_TRUE(is_far({.digests = 0, .keys = 80}));
  EXPECT_TRUE(is_far({.digests = 3, .keys = 0}));
}

TEST(Comparison, ShowsDriftBeyondTheKeysThatAreNew) {
  EXPECT_FALSE(drifts({}));
  EXPECT_FALSE(drifts({.digests = 95, .keys = 100, .settled = 95}));
  EXPECT_FALSE(drifts({.digests = 100, .keys = 100, .settled = 95}));
  EXPECT_TRUE(drifts({.digests = 94, .keys = 100, .settled = 95}));
  EXPECT_TRUE(drifts({.digests = 101, .keys = 100, .settled = 95}));
}

TEST(Comparison, OfASmallDriftMustBeConfirmedAndIsNotFar) {
  constexpr Comparison one_missing{.digests = 999, .keys = 1000, .settled = 1000};
  Record record = with_comparison({}, one_missing, noon, settling);
  EXPECT_FALSE(may_repair(record, noon));
  record = with_comparison(record, one_missing, noon + hour, settling);
  EXPECT_TRUE(may_repair(record, noon + hour));
  EXPECT_FALSE(may_rebuild(record, noon + hour));
  record.rebuilt = noon;
  EXPECT_FALSE(may_repair(record, noon + 24 * hour - 1));
  EXPECT_TRUE(may_repair(record, noon + 24 * hour));
  record = with_comparison(record, equal, noon + 2 * hour, settling);
  EXPECT_FALSE(may_repair(record, noon + 48 * hour));
}

TEST(Comparison, IsDueAtFirstThenEachHour) {
  EXPECT_TRUE(comparison_is_due(std::nullopt, noon, settling));
  EXPECT_TRUE(comparison_is_due(Record{}, noon, settling));
  const Record record = with_comparison({}, equal, noon, settling);
  EXPECT_FALSE(comparison_is_due(record, noon + hour - 1, settling));
  EXPECT_TRUE(comparison_is_due(record, noon + hour, settling));
}

TEST(Comparison, IsDueSoonAfterABadOneAndHourlyOnceItIsCertain) {
  const Record suspected = with_comparison({}, far, noon, settling);
  EXPECT_FALSE(comparison_is_due(suspected, noon + 179, settling));
  EXPECT_TRUE(comparison_is_due(suspected, noon + 180, settling));
  const Record certain = with_comparison(suspected, far, noon + 180, settling);
  EXPECT_FALSE(comparison_is_due(certain, noon + 180 + hour - 1, settling));
}

TEST(Comparison, IsDueWhenTheClockWasSetBack) {
  const Record record = with_comparison({}, equal, noon, settling);
  EXPECT_TRUE(comparison_is_due(record, noon - 1, settling));
}

TEST(Comparison, MustBeBadTwiceLateEnough) {
  Record record = with_comparison({}, far, noon, settling);
  EXPECT_FALSE(record.is_far);
  record = with_comparison(record, far, noon + 179, settling);
  EXPECT_FALSE(record.is_far);
  record = with_comparison(record, far, noon + 180, settling);
  EXPECT_TRUE(record.is_far);
  record = with_comparison(record, far, noon + 181, settling);
  EXPECT_TRUE(record.is_far);
}

TEST(Comparison, SaysNothingWhileTheDatabaseGrows) {
  Record record = with_comparison({}, equal, noon, settling);
  constexpr std::int64_t loaded = 100'000;  // On another unit, in the time between two comparisons.
  std::int64_t time = noon;
  for (std::int64_t keys = loaded; keys < 5 * loaded; keys += loaded) {
    time += settling.count();
    record = with_comparison(record, {.digests = 1000, .keys = keys, .settled = keys / 2}, time,
                             settling);
    EXPECT_FALSE(record.is_far) << keys;
    EXPECT_FALSE(record.drifts) << keys;
  }
  const Comparison after = record.comparison;
  record = with_comparison(record, after, time + settling.count(), settling);
  EXPECT_TRUE(record.is_far);
  EXPECT_TRUE(record.drifts);
}

TEST(Comparison, ThatIsGoodForgetsTheBadOnes) {
  Record record = with_comparison({}, far, noon, settling);
  record = with_comparison(record, equal, noon + 100, settling);
  EXPECT_EQ(record, (Record{.compared = noon + 100, .comparison = equal}));
  record = with_comparison(record, far, noon + 300, settling);
  EXPECT_FALSE(record.is_far);
}

TEST(Comparison, AfterTheClockWasSetBackCountsFromNow) {
  const Record record =
      with_comparison(with_comparison({}, far, noon, settling), far, noon - hour, settling);
  EXPECT_FALSE(record.is_far);
  EXPECT_EQ(record.differs_since, noon - hour);
}

TEST(RebuildByItself, HappensOnceADay) {
  EXPECT_FALSE(may_rebuild({.is_far = false}, noon));
  EXPECT_TRUE(may_rebuild({.is_far = true}, noon));
  EXPECT_FALSE(may_rebuild({.is_far = true, .rebuilt = noon}, noon + 24 * hour - 1));
  EXPECT_TRUE(may_rebuild({.is_far = true, .rebuilt = noon}, noon + 24 * hour));
  EXPECT_TRUE(may_rebuild({.is_far = true, .rebuilt = noon}, noon - 1)) << "the clock was set back";
  EXPECT_TRUE(may_repair({.drifts = true}, noon));
  EXPECT_FALSE(may_repair({.drifts = true, .rebuilt = noon}, noon + 24 * hour - 1));
}

TEST(RebuildStatus, TellsWhyOfHowManyAndForHowLong) {
  EXPECT_EQ(progress({.reason = "it was missing"}, noon),
            (Status{StatusKind::maintenance, "rebuilding the prefix tree: it was missing"}));
  EXPECT_EQ(progress({.state = RebuildState::building,
                      .reason = "it was missing",
                      .keys = 6'500'000,
                      .since = noon},
                     noon + 359),
            (Status{StatusKind::maintenance,
                    "rebuilding the prefix tree, 6500000 keys, 5 min so far: it was missing"}));
}

TEST(RebuildStatus, OfATreeThatIsFarNamesTheAction) {
  EXPECT_EQ(far_off({.comparison = far}),
            (Status{StatusKind::active,
                    "the prefix tree is out of sync, run rebuild-prefix-tree: it has 20 digests "
                    "for 1000 keys"}));
}

TEST(LogTime, IsComparedBySeconds) {
  EXPECT_TRUE(is_after("2027-01-15T12:00:01Z", noon));
  EXPECT_TRUE(is_after("2027-01-15T12:00:01.5Z", noon));
  EXPECT_FALSE(is_after("2027-01-15T12:00:00.999Z", noon));
  EXPECT_FALSE(is_after("2026-12-31T23:59:59Z", noon));
  EXPECT_FALSE(is_after("", noon));
}

TEST(PrefixTreeFiles, ComeBackAsTheyWereWritten) {
  const Rebuild rebuild{.state = RebuildState::building,
                        .reason = "it was damaged (\"CURRENT\"\nfile)",
                        .automatic = true,
                        .database = "7/16384",
                        .keys = 6'500'000,
                        .since = 1'800'000'000};
  EXPECT_EQ(read_rebuild(file_text(rebuild)), rebuild);
  const Record record{.database = "7/16384",
                      .trusted_since = 1,
                      .compared = 2,
                      .comparison = {.digests = 3, .keys = 4, .settled = 4},
                      .differs_since = 5,
                      .is_far = true,
                      .drifts_since = 7,
                      .drifts = true,
                      .rebuilt = 6};
  EXPECT_EQ(read_record(file_text(record)), record);
  EXPECT_EQ(read_rebuild(file_text(Rebuild{})), Rebuild{});
}

TEST(PrefixTreeFiles, ARebuildThatCannotBeReadIsToBeginAnew) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"state":"building"})", R"({"state":7,"reason":"x"})"}) {
    EXPECT_EQ(read_rebuild(text), (Rebuild{.reason = "an earlier one did not come to its end"}))
        << text;
  }
}

TEST(PrefixTreeFiles, NumbersThatAreNeitherTimesNorCountsCannotBeRead) {
  for (const char* number : {"-9223372036854775808", "9223372036854775807", "1e300", "0.5"}) {
    std::string rebuild = file_text(Rebuild{.state = RebuildState::building, .since = 1});
    rebuild.replace(rebuild.find("\"since\":1") + 8, 1, number);
    EXPECT_EQ(read_rebuild(rebuild).state, RebuildState::requested) << rebuild;
    std::string record = file_text(Record{.compared = 1});
    record.replace(record.find("\"compared\":1") + 11, 1, number);
    EXPECT_EQ(read_record(record), std::nullopt) << record;
  }
}

TEST(PrefixTreeFiles, ARecordOfAnEarlierRevisionHasNoDrift) {
  const Record record{.database = "7/16384", .comparison = {.digests = 3, .keys = 4}};
  std::string text = file_text(record);
  for (const char* line : {"drifts-since", "drifts", "settled"}) {
    const auto key = text.find('"' + std::string(line) + '"');
    ASSERT_NE(key, std::string::npos);
    text.replace(key + 1, 1, "x");
  }
  EXPECT_EQ(read_record(text), record);
}

TEST(PrefixTreeFiles, ARecordThatCannotBeReadIsNone) {
  for (const char* text : {"", "{", "[]", "{}", R"({"database":7})"}) {
    EXPECT_EQ(read_record(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace charm::prefix_tree
