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
  EXPECT_EQ(task.result("added"), "3");
  EXPECT_EQ(task.result("refused"), "1") << "the charm's own key";
  EXPECT_EQ(look_up(administrator), 200);
  EXPECT_EQ(task.result("deleted"), "1");
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_NE(run("list-blocked-keys").result("keys").find(R"("a, ""b""")"), std::string::npos);
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
