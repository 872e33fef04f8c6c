// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

namespace test {
namespace actions_test {

constexpr const char* bob = "0000000000000000000000000000000000000B0B";

class Actions : public RehearsalTest {
 protected:
  Task run(const std::string& action, const std::vector<std::string>& parameters = {}) {
    return model.act(action, parameters);
  }

  /// An action with any parameters must never fail a hook.
  Task refused(const std::string& action, const std::vector<std::string>& parameters = {}) {
    Task task = run(action, parameters);
    EXPECT_TRUE(task.failed) << action << " " << testing::PrintToString(task.results);
    return task;
  }
};

TEST_F(Actions, BlockKeysThatAreStoredAndKeysThatAreNot) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  const int before = starts();
  const Task task = run(
      "block-keys",
      {std::string("fingerprints=0x") + alice + ", " + bob + " shbfsdiuf98hu", "comment=R1234"});
  ASSERT_FALSE(task.failed) << task.message;
  EXPECT_EQ(task.result("736878501cb48d4b6ea5a98ae9d8f50dc853941b"),
            "Deleted and blocked successfully.");
  EXPECT_EQ(task.result("0000000000000000000000000000000000000b0b"),
            "Fingerprint unavailable in the database.");
  EXPECT_EQ(task.result("blocked-in-advance"), "1");
  EXPECT_EQ(task.result("shbfsdiuf98hu"),
            "Invalid fingerprint format. Fingerprints must be 40 or 64 characters long and consist "
            "of hexadecimal characters only.");
  EXPECT_EQ(look_up(alice), 404);
  upload("alice");
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_EQ(starts(), before);

  const Task list = run("list-blocked-keys", {"filter=r1234"});
  EXPECT_EQ(list.result("total"), "2");
  EXPECT_NE(list.result("keys").find(",hockeypuck-k8s/0,R1234"), std::string::npos)
      << testing::PrintToString(list.results);

  EXPECT_EQ(run("unblock-keys", {std::string("fingerprints=") + alice}).result("unblocked"), "1");
  ASSERT_TRUE(upload("alice"));
  EXPECT_EQ(look_up(alice), 200);
}

TEST_F(Actions, TheAdminKeyIsKeptOnTheKeyserverAndNeverBlocked) {
  model.deploy_all();
  const std::string fingerprint = run("get-admin-key").result("fingerprint");
  ASSERT_EQ(fingerprint.size(), 40U);
  EXPECT_EQ(look_up(fingerprint), 200);
  const Task task = refused("block-keys", {"fingerprints=" + fingerprint});
  EXPECT_EQ(task.message, "no key was blocked");
  EXPECT_EQ(task.result("refused"), "1");
  EXPECT_EQ(look_up(fingerprint), 200);

  model.rehearse({"delete-pod", hockeypuck_unit});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(run("get-admin-key").result("fingerprint"), fingerprint);
}

TEST_F(Actions, TheBlockListGoesOutToAFileAndComesBack) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  ASSERT_FALSE(run("block-keys", {std::string("fingerprints=") + bob, "comment=a, \"b\""}).failed);
  EXPECT_EQ(run("export-block-list").result("path"), "/hockeypuck/data/block-list.csv");
  ASSERT_FALSE(run("unblock-keys", {std::string("fingerprints=") + bob}).failed);
  const std::string administrator = run("get-admin-key").result("fingerprint");
  model.workload_output(std::string("printf '%s\\n' ") + alice + " " + administrator +
                        " >> /hockeypuck/data/block-list.csv");

  const Task task = run("import-block-list");
  ASSERT_FALSE(task.failed) << task.message;
  EXPECT_EQ(task.result("added"), "2");
  EXPECT_EQ(task.result("refused"), "1") << "the charm's own key";
  EXPECT_EQ(look_up(administrator), 200);
  EXPECT_EQ(task.result("deleted"), "1");
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_NE(run("list-blocked-keys").result("keys").find(R"("a, ""b""")"), std::string::npos);
}

TEST_F(Actions, AFloodIsStoppedFoundAndBlocked) {
  constexpr const char* other_unit = "hockeypuck-k8s/1";
  model.deploy_postgresql();
  model.deploy_hockeypuck({"-n", "2"});
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  const std::string file = "keytext@" TEST_DATA_DIR "/e2e/";
  ASSERT_TRUE(upload("alice"));
  const int before = starts() + starts(other_unit);

  model.config({"uploads=updates"});
  const ShownStatus limited{"active",
                            "uploads: updates only, new keys are refused (option uploads)"};
  EXPECT_EQ(model.status(), limited);
  EXPECT_EQ(model.status(other_unit), limited);
  EXPECT_EQ(post("/pks/add", {file + "carol_signed_by_dave.asc"}, other_unit), 500);
  EXPECT_EQ(post("/pks/add", {file + "alice.asc"}, other_unit), 200) << "a key without changes";
  EXPECT_EQ(look_up(carol), 404);
  EXPECT_NE(run("show-status").result("status").find("updates only"), std::string::npos);
  EXPECT_EQ(refused("load-keys", {"files=/hockeypuck/data/any.asc"}).message,
            "the option uploads is updates, so no new key can be stored: set uploads=all first");

  model.config({"uploads=sometimes"});
  EXPECT_EQ(model.status(), (ShownStatus{"blocked",
                                         "option uploads: must be all, updates or none: "
                                         "\"sometimes\""}));
  EXPECT_FALSE(upload("carol_signed_by_dave")) << "the earlier value still holds";
  model.config({"uploads=none"});
  EXPECT_EQ(model.status(),
            (ShownStatus{"active", "uploads: none, all keys are refused (option uploads)"}));

  const std::vector<std::string> flood = {"since=2026-01-01T00:00:00Z", "user-id=^alice",
                                          "path=/hockeypuck/data/flood.csv"};
  const Task found = run("find-keys", flood);
  EXPECT_EQ(found.result("keys"), "1") << found.message;
  EXPECT_EQ(refused("find-keys", flood).message,
            "/hockeypuck/data/flood.csv exists: set if-exists=replace to replace it");
  EXPECT_TRUE(refused("find-keys", {"user-id=("})
                  .message.starts_with("the parameter user-id is not a regular expression: "));
  EXPECT_EQ(run("import-block-list", {"path=/hockeypuck/data/flood.csv"}).result("deleted"), "1");
  EXPECT_EQ(look_up(alice, other_unit), 404);

  model.config({"uploads=all"});
  EXPECT_EQ(model.status(), active);
  EXPECT_FALSE(upload("alice")) << "blocked";
  EXPECT_TRUE(upload("carol_signed_by_dave"));
  EXPECT_EQ(starts() + starts(other_unit), before);
  expect_settled();
}

TEST_F(Actions, SayWhatIsMissing) {
  model.deploy_hockeypuck();
  EXPECT_NE(refused("block-keys", {std::string("fingerprints=") + alice})
                .message.find("the database is not available"),
            std::string::npos);
  EXPECT_NE(refused("lookup-key", {std::string("keyword=0x") + alice})
                .message.find("the keyserver does not answer"),
            std::string::npos);
}

}  // namespace actions_test
}  // namespace test
