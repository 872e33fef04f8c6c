// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/admin_key_test.hpp"

#include "tests/e2e/pod_process.hpp"

#include <nlohmann/json.hpp>

#include <future>

namespace test {
namespace {

class AdminKey : public AdminKeyTest {};

TEST_F(AdminKey, IsRotatedWithoutAMomentInWhichNoneIsTaken) {
  model.deploy_all();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  EXPECT_EQ(request(old_key), taken);

  const Task task = model.act("rotate-admin-key");
  ASSERT_FALSE(task.failed) << task.message;
  const std::string next = task.result("fingerprint");
  EXPECT_NE(next, old);
  EXPECT_EQ(in_use(), next);
  EXPECT_EQ(model.act("get-admin-key").result("retired"), old);
  EXPECT_EQ(kept_keys().size(), 1U) << "the old private key is gone";
  EXPECT_EQ(request(old_key), taken);
  EXPECT_EQ(request(kept_keys().at(0)), taken);
  EXPECT_EQ(stored(old), "present");
  expect_blocks_keys();

  model.update_status();
  EXPECT_EQ(stored(old), "revoked");
  EXPECT_EQ(request(old_key), refused);
  EXPECT_EQ(request(kept_keys().at(0)), taken);
  model.update_status();
  EXPECT_EQ(administrators(), only(next));
  expect_blocks_keys();
  expect_serving();
  expect_settled();
}

TEST_F(AdminKey, IsNotRotatedWhereThatCannotBeDone) {
  deploy_two_units();
  EXPECT_EQ(model.act("rotate-admin-key", {}, second_unit).message,
            "the leader changes the admin key: run it on hockeypuck-k8s/leader");
  const std::string first = in_use();
  model.database_action("stop-database");
  EXPECT_TRUE(model.act("rotate-admin-key").failed);
  model.database_action("start-database");
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(in_use(), first);
  ASSERT_FALSE(model.act("rotate-admin-key").failed);
  const Task again = model.act("rotate-admin-key");
  EXPECT_TRUE(again.failed);
  EXPECT_EQ(again.message,
            "a change is under way: the leader's next hook revokes the admin key " + first);
  model.update_status();
  EXPECT_EQ(stored(first), "revoked");
}

TEST_F(AdminKey, IsRotatedOnAllUnitsAndByTheNextLeader) {
  deploy_two_units();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  const std::string next = model.act("rotate-admin-key").result("fingerprint");
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(request(old_key, unit), taken) << unit;
    EXPECT_EQ(request(kept_keys().at(0), unit), taken) << unit;
  }
  model.rehearse({"leadership", second_unit});
  EXPECT_EQ(stored(old), "revoked");
  model.update_status();
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(administrators(unit), only(next)) << unit;
    EXPECT_EQ(request(kept_keys().at(0), unit), taken) << unit;
    EXPECT_EQ(model.status(unit), active) << unit;
  }
}

TEST_F(AdminKey, StaysInUseWhenItsRotationIsKilledHalfWay) {
  model.deploy_all();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  expect_killed("rotate-admin-key");
  auto rotation = std::async(std::launch::async, [this] {
    return model.attempt({"run", hockeypuck_unit, "rotate-admin-key"}).status;
  });
  const PodProcess dispatch =
      wait_for_dispatch(model.kept().at("uuid"), "JUJU_ACTION_NAME=rotate-admin-key");
  ASSERT_TRUE(dispatch.wait_for_file("/hockeypuck/etc/hockeypuck.conf", "\", \""));
  dispatch.kill();
  EXPECT_NE(rotation.get(), 0);
  EXPECT_NE(administrators(), only(old)) << "it was half-way";
  EXPECT_EQ(kept_keys(), std::vector<std::string>{old_key});

  model.update_status();
  EXPECT_EQ(administrators(), only(old));
  EXPECT_EQ(stored(old), "present");
  EXPECT_EQ(request(old_key), taken);
  expect_blocks_keys();
  ASSERT_FALSE(model.act("rotate-admin-key").failed);
  model.update_status();
  EXPECT_EQ(stored(old), "revoked");
}

TEST_F(AdminKey, IsUploadedAgainByWhicheverUnitFindsTheDatabaseWiped) {
  deploy_two_units();
  const std::string fingerprint = in_use();
  const auto wipe = [this] { model.keys_sql("TRUNCATE keys CASCADE"); };
  wipe();
  EXPECT_EQ(stored(fingerprint), "absent");
  model.update_status();
  EXPECT_EQ(stored(fingerprint), "present");
  wipe();
  model.rehearse({"restart-container", second_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(stored(fingerprint), "present") << "by the unit that does not lead";
  expect_blocks_keys();
}

}  // namespace
}  // namespace test
