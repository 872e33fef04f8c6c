// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/secrets.hpp"

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/resolver.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

class SecretLife : public ::testing::Test {
 protected:
  void SetUp() override {
    relation_ = integrate(model_);
    take_all(model_);
    id_ = add_secret(model_, relation_);
  }

  Secret& secret() { return model_.secrets.at(id_); }

  void update(const std::string& password) {
    commit(model_, "pg/0",
           {.secrets = {{.kind = SecretOperationKind::update,
                         .id = id_,
                         .fields = {.content = Bag{{"password", password}}}}}});
  }

  Model model_ = small_model();
  int relation_ = 0;
  std::string id_;
};

TEST_F(SecretLife, TellsAConsumerOfANewRevisionOnlyIfItReadTheOld) {
  update("two");
  const std::vector<std::string> unread = take_all(model_);
  EXPECT_EQ(std::count(unread.begin(), unread.end(), "hk/0 secret-changed"), 0);
  secret().consumers["hk/0"].tracked = 2;
  update("three");
  const std::vector<std::string> read = take_all(model_);
  EXPECT_EQ(std::count(read.begin(), read.end(), "hk/0 secret-changed"), 1);
}

TEST_F(SecretLife, MakesNoRevisionOfEqualContent) {
  update("one");
  EXPECT_EQ(secret().latest(), 1);
  update("two");
  EXPECT_EQ(secret().latest(), 2);
}

TEST_F(SecretLife, AsksTheOwnerToRemoveARevisionNobodyTracks) {
  secret().consumers["hk/0"].tracked = 1;
  update("two");
  EXPECT_EQ(take_all(model_), (std::vector<std::string>{"hk/0 secret-changed"}));
  secret().consumers["hk/0"].tracked = 2;
  const auto event = next_event(model_, "pg/0");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EventKind::secret_remove);
  EXPECT_EQ(event->secret_revision, 1);
  EXPECT_EQ(take_all(model_), (std::vector<std::string>{"pg/0 secret-remove"}));
}

TEST_F(SecretLife, EndsAGrantWithItsRelation) {
  EXPECT_TRUE(can_read(model_, secret(), "hk/0"));
  model_.relations.at(relation_).life = Life::dying;
  take_all(model_);
  EXPECT_FALSE(can_read(model_, secret(), "hk/0"));
}

TEST_F(SecretLife, RefusesALabelTwiceAtTheCommitAndKeepsNothing) {
  secret().label = "admin";
  const Model before = model_;
  const Changes changes{
      .state = Bag{{"key", "value"}},
      .secrets = {{.kind = SecretOperationKind::add,
                   .id = new_secret_id(model_.random),
                   .owner = "pg",
                   .fields = {.label = "admin", .content = Bag{{"password", "x"}}}}}};
  const Model unchanged = model_;
  EXPECT_THROW(commit(model_, "pg/0", changes), CommitError);
  EXPECT_EQ(model_, unchanged);
  EXPECT_EQ(model_.secrets, before.secrets);
}

TEST_F(SecretLife, RefusesWritesForTheApplicationOnceLeadershipHasMoved) {
  const Changes secret{.secrets = {{.kind = SecretOperationKind::add,
                                    .id = new_secret_id(model_.random),
                                    .owner = "pg",
                                    .fields = {.content = Bag{{"password", "x"}}}}}};
  const Changes databag{.app_settings = {{relation_, {{"key", "value"}}}}};
  model_.application("pg").leader = "pg/1";
  const Model unchanged = model_;
  EXPECT_THROW(commit(model_, "pg/0", secret), CommitError);
  EXPECT_THROW(commit(model_, "pg/0", databag), CommitError);
  EXPECT_EQ(model_, unchanged);
  model_.application("pg").leader = "pg/0";
  EXPECT_NO_THROW(commit(model_, "pg/0", secret));
  EXPECT_NO_THROW(commit(model_, "pg/0", databag));
}

TEST_F(SecretLife, RefusesAnUnknownIdAtTheCommit) {
  const Changes changes{.secrets = {{.kind = SecretOperationKind::update,
                                     .id = "00000000000000000000",
                                     .fields = {.content = Bag{{"key", "value"}}}}}};
  EXPECT_THROW(commit(model_, "pg/0", changes), CommitError);
}

TEST_F(SecretLife, RemovesARevisionOrAllOfIt) {
  update("two");
  commit(model_, "pg/0",
         {.secrets = {{.kind = SecretOperationKind::remove, .id = id_, .revision = 1}}});
  EXPECT_EQ(secret().revisions.count(1), 0U);
  EXPECT_EQ(secret().latest(), 2);
  commit(model_, "pg/0", {.secrets = {{.kind = SecretOperationKind::remove, .id = id_}}});
  EXPECT_EQ(model_.secrets.count(id_), 0U);
}

TEST(SecretId, IsFoundInEveryForm) {
  EXPECT_EQ(secret_id_of("secret:9m4e2mr0ui3e8a215n4g"), "9m4e2mr0ui3e8a215n4g");
  EXPECT_EQ(secret_id_of("9m4e2mr0ui3e8a215n4g"), "9m4e2mr0ui3e8a215n4g");
  EXPECT_EQ(secret_id_of("secret://a1b2/9m4e2mr0ui3e8a215n4g"), "9m4e2mr0ui3e8a215n4g");
  EXPECT_EQ(secret_id_of("secret:short"), std::nullopt);
  EXPECT_EQ(secret_id_of("secret:9M4E2MR0UI3E8A215N4G"), std::nullopt);
}

}  // namespace
}  // namespace rehearsal::test
