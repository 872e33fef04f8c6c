// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace charm {
namespace {

const Status only_updates{StatusKind::active,
                          "uploads: updates only, new keys are refused (option uploads)"};
const Status no_uploads{StatusKind::active, "uploads: none, all keys are refused (option uploads)"};

class UploadsOption : public testing::Test {
 protected:
  UploadsOption() {
    unit.juju.leader = true;
    unit.relate_database();
  }

  void deploy() {
    ASSERT_TRUE(unit.dispatch("pebble-ready"));
    ASSERT_EQ(unit.status(), Status{});
    ASSERT_TRUE(unit.dispatch());
  }

  bool set(const std::string& value) {
    unit.juju.config["uploads"] = value;
    return unit.dispatch("config-changed");
  }

  DispatchedUnit unit;
};

TEST_F(UploadsOption, IsSetInTheDatabaseByTheLeader) {
  deploy();
  const std::size_t starts = unit.probed.size();
  ASSERT_TRUE(set("updates"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::updates);
  EXPECT_EQ(unit.status(), only_updates);
  EXPECT_EQ(unit.probed.size(), starts + 1);
  ASSERT_TRUE(set("None"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
  EXPECT_EQ(unit.status(), no_uploads);
  ASSERT_TRUE(set("all"));
  EXPECT_EQ(unit.uploads, UploadPolicy{});
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(UploadsOption, LetsTheKeysOfAdministratorsIn) {
  unit.juju.config["admin-keys"] = std::string(40, 'a');
  deploy();
  EXPECT_TRUE(unit.uploads.accepted.empty());
  ASSERT_TRUE(set("none"));
  EXPECT_EQ(unit.uploads.accepted,
            (std::vector{std::string(40, 'a'), DispatchedUnit::admin_key().fingerprint()}));
  ASSERT_TRUE(unit.act("rotate-admin-key"));
  EXPECT_NE(std::ranges::find(unit.uploads.accepted, DispatchedUnit::admin_key(1).fingerprint()),
            unit.uploads.accepted.end());
}

TEST_F(UploadsOption, HoldsFromTheFirstStart) {
  unit.juju.config["uploads"] = "none";
  ASSERT_TRUE(unit.dispatch("pebble-ready"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
  EXPECT_EQ(unit.kept_uploads, 2) << "before the keyserver makes its tables, and after";
  EXPECT_EQ(unit.status(), no_uploads);
}

TEST_F(UploadsOption, CostsAnOrdinaryHookNothing) {
  deploy();
  ASSERT_TRUE(set("updates"));
  ASSERT_TRUE(unit.dispatch());
  const int before = unit.kept_uploads;
  const std::size_t probed = unit.probed.size();
  ASSERT_TRUE(unit.dispatch());
  ASSERT_TRUE(unit.dispatch("config-changed"));
  EXPECT_EQ(unit.kept_uploads, before);
  EXPECT_EQ(unit.probed.size(), probed);
  unit.now += std::chrono::hours(1);
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.kept_uploads, before + 1) << "an hour later the database is asked";
}

TEST_F(UploadsOption, IsSetWhileTheLeadersKeyserverDoesNotServe) {
  deploy();
  ASSERT_TRUE(set("none"));
  ASSERT_TRUE(unit.dispatch());
  unit.slow_to_start = true;
  ASSERT_TRUE(set("all"));
  EXPECT_EQ(unit.uploads, UploadPolicy{});
}

TEST_F(UploadsOption, IsLeftToTheLeader) {
  deploy();
  const int before = unit.kept_uploads;
  unit.juju.leader = false;
  ASSERT_TRUE(set("none"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::all);
  EXPECT_EQ(unit.kept_uploads, before);
  EXPECT_EQ(unit.status(), no_uploads);
  unit.juju.leader = true;
  ASSERT_TRUE(unit.dispatch("leader-elected"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
}

TEST_F(UploadsOption, IsSetAgainByALeaderThatComesBack) {
  deploy();
  ASSERT_TRUE(set("none"));
  unit.uploads = {};  // By a different leader.
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.uploads.uploads, Uploads::all) << "the database is not asked in each hook";
  ASSERT_TRUE(unit.dispatch("leader-elected"));
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
}

TEST_F(UploadsOption, IsSetInADatabaseThatIsRelatedAgain) {
  deploy();
  ASSERT_TRUE(set("none"));
  ASSERT_TRUE(unit.dispatch());
  unit.uploads = {};
  unit.database_answer()["username"] = "relation_id_9";
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
}

TEST_F(UploadsOption, IsSetAgainWithAnEmptyStorage) {
  deploy();
  ASSERT_TRUE(set("none"));
  ASSERT_TRUE(unit.dispatch());
  const int before = unit.kept_uploads;
  unit.pebble.files.erase(std::string(uploads_path));
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.kept_uploads, before + 1);
}

TEST_F(UploadsOption, RefusesOtherValuesAndChangesNothing) {
  deploy();
  ASSERT_TRUE(set("updates"));
  ASSERT_TRUE(set("never"));
  EXPECT_EQ(unit.status(), (Status{StatusKind::blocked,
                                   "option uploads: must be all, updates or none: \"never\""}));
  EXPECT_EQ(unit.uploads.uploads, Uploads::updates);
}

TEST_F(UploadsOption, SaysWhyTheDatabaseDoesNotFollow) {
  deploy();
  unit.database_fails = true;
  ASSERT_TRUE(set("none"));
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  EXPECT_TRUE(
      unit.status().message.starts_with("waiting for PostgreSQL to apply the option uploads: "))
      << unit.status().message;
  unit.database_fails = false;
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.uploads.uploads, Uploads::none);
  EXPECT_EQ(unit.status(), no_uploads);
}

/// The dispatch is killed at every point after Juju got the second change, and Juju repeats it with
/// the third.
TEST_F(UploadsOption, SurvivesAKillBetweenTwoChanges) {
  deploy();
  for (int touch = 0;; ++touch) {
    ASSERT_TRUE(set("all"));
    ASSERT_TRUE(unit.dispatch());
    unit.juju.config["uploads"] = "none";
    const bool killed = unit.dispatch_killed_at(touch);
    ASSERT_TRUE(set("all"));
    EXPECT_EQ(unit.uploads.uploads, Uploads::all) << touch;
    if (!killed) {
      break;
    }
  }
}

}  // namespace
}  // namespace charm
