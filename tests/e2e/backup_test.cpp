// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace test {
namespace backup_test {

using Json = nlohmann::json;

const std::string keyserver = "hockeypuck-k8s/leader";
const std::string server = "postgresql-k8s/leader";

/// The instructions of docs/how-to/back-up-and-restore.md, and their results.
class Backup : public RehearsalTest {
 protected:
  /// The result `key` of an action that must succeed.
  std::string result(const std::string& unit, const std::string& action, const std::string& key,
                     const std::vector<std::string>& parameters = {}) {
    std::vector<std::string> arguments = {"run", "--string-args", "--format", "json", unit, action};
    arguments.insert(arguments.end(), parameters.begin(), parameters.end());
    const Json tasks = Json::parse(model.rehearse(arguments));
    return tasks.begin()->at("results").value(key, "");
  }

  /// Makes a keyserver with one stored key and one blocked key.
  void fill() {
    model.deploy_all();
    ASSERT_TRUE(upload("alice"));
    ASSERT_TRUE(upload("carol_signed_by_dave"));
    result(keyserver, "block-keys", "blocked",
           {std::string("fingerprints=") + carol, "comment=ticket 12"});
    block_list_ = result(keyserver, "list-blocked-keys", "keys");
    ASSERT_NE(block_list_.find("ticket 12"), std::string::npos) << block_list_;
    administrator_ = result(keyserver, "get-admin-key", "fingerprint");
  }

  void remove_relation() {
    model.rehearse({"remove-relation", "hockeypuck-k8s", "postgresql-k8s"});
    ASSERT_TRUE(model.becomes("blocked", "juju integrate"));
  }

  void wipe() { model.sql(R"(DROP DATABASE "hockeypuck-k8s")"); }

  void integrate() {
    model.integrate();
    ASSERT_TRUE(model.becomes("active")) << model.status().message;
  }

  /// Returns the ID of a backup that the database's charm made.
  std::string back_up() {
    EXPECT_EQ(result(server, "create-backup", "backup-status"), "backup created");
    std::istringstream lines(result(server, "list-backups", "backups"));
    std::string line;
    std::getline(lines, line);
    std::getline(lines, line);
    return line.substr(0, line.find(' '));
  }

  /// Runs a program in the database's container, as its superuser.
  void as_superuser(const std::vector<std::string>& command) {
    const std::string password = result(server, "get-password", "password");
    std::vector<std::string> arguments = {
        "exec", "postgresql-k8s/0",       "--container",      "postgresql",     "--",
        "env",  "PGPASSWORD=" + password, "PGHOST=127.0.0.1", "PGUSER=operator"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    const CommandResult ended = model.attempt(arguments);
    ASSERT_EQ(ended.status, 0) << command.front() << ": " << ended.error;
  }

  void dump() {
    as_superuser({"pg_dump", "--format=custom", "--file=/tmp/keys.dump", "hockeypuck-k8s"});
  }

  void restore_dump() {
    as_superuser({"pg_restore", "--no-owner", "--no-privileges", "--clean", "--if-exists",
                  "--dbname=hockeypuck-k8s", "/tmp/keys.dump"});
  }

  /// The owners of the tables and functions of the keyserver's database.
  std::string owners() {
    return result(server, "sql", "rows",
                  {"database=hockeypuck-k8s",
                   "query=SELECT DISTINCT pg_get_userbyid(owner) FROM (SELECT relowner, "
                   "relnamespace FROM pg_class UNION SELECT proowner, pronamespace FROM pg_proc) "
                   "AS objects(owner, space) WHERE space = 'public'::regnamespace"});
  }

  void expect_everything_back() {
    EXPECT_EQ(look_up(alice), 200);
    EXPECT_EQ(look_up(carol), 404);
    upload("carol_signed_by_dave");
    EXPECT_EQ(look_up(carol), 404) << "blocked keys stay blocked";
    EXPECT_EQ(result(keyserver, "list-blocked-keys", "keys"), block_list_);
    EXPECT_EQ(result(keyserver, "get-admin-key", "fingerprint"), administrator_);
    EXPECT_EQ(look_up(administrator_), 200);
    EXPECT_EQ(owners(), data_source("user"));
  }

  /// Proves that the admin key still signs, because Hockeypuck needs signed requests to delete.
  void expect_blocking_works() {
    EXPECT_EQ(result(keyserver, "block-keys", "deleted", {std::string("fingerprints=") + alice}),
              "1");
    EXPECT_EQ(look_up(alice), 404);
  }

 private:
  std::string block_list_;
  std::string administrator_;
};

TEST_F(Backup, OfTheDatabaseCharmBringsBackKeysBlockListAndAdminKey) {
  fill();
  const std::string backup = back_up();
  remove_relation();
  wipe();
  EXPECT_EQ(result(server, "restore", "restore-status", {"backup-id=" + backup}),
            "restore started");
  integrate();
  expect_everything_back();
  expect_blocking_works();
}

TEST_F(Backup, LacksWhatWasBlockedLaterUntilTheListIsImported) {
  constexpr const char* bob = "0000000000000000000000000000000000000b0b";
  fill();
  const std::string backup = back_up();
  result(keyserver, "block-keys", "blocked", {std::string("fingerprints=") + bob});
  result(keyserver, "export-block-list", "path");
  remove_relation();
  result(server, "restore", "restore-status", {"backup-id=" + backup});
  integrate();
  expect_everything_back();
  EXPECT_EQ(result(keyserver, "import-block-list", "added"), "1");
  EXPECT_NE(result(keyserver, "list-blocked-keys", "keys").find(bob), std::string::npos);
}

TEST_F(Backup, RestoredIntoAnIntegratedDatabaseIsBlockedUntilItIsIntegratedAgain) {
  fill();
  dump();
  restore_dump();
  model.update_status();
  EXPECT_EQ(model.status().word, "blocked");
  EXPECT_NE(model.status().message.find("re-create the database relation: the table "
                                        "blocked_keys belongs to the role operator"),
            std::string::npos)
      << model.status().message;

  remove_relation();
  integrate();
  expect_everything_back();
}

TEST_F(Backup, OlderThanTheAdminKeyGetsIt) {
  fill();
  const std::string administrator = result(keyserver, "get-admin-key", "fingerprint");
  remove_relation();
  wipe();
  integrate();
  EXPECT_EQ(look_up(administrator), 200);
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_TRUE(upload("alice"));
  expect_blocking_works();
}

}  // namespace backup_test
}  // namespace test
