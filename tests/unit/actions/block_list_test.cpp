// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/actions/key_actions_test.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

using std::chrono_literals::operator""s;

class BlockKeysTest : public KeyActionsTest {
 protected:
  BlockKeysTest() {
    pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  }

  /// Statements of an upload that began before and ends this many seconds later.
  [[nodiscard]] static std::string upload(const std::string& fingerprint,
                                          const std::string& seconds) {
    return "BEGIN; INSERT INTO keys SELECT reverse('" + fingerprint +
           "'), '{\"packet\": {\"data\": \"xgQEa2V5\"}}', now(), now(), '', NULL, now(), '';"
           "SELECT pg_sleep(" +
           seconds + "); COMMIT";
  }

  const std::string key = postgres::made_up_fingerprint(1);
  const nlohmann::json parameters = {{"fingerprints", key}};
};

TEST_F(BlockKeysTest, DeletesWhatAnEarlierUploadStoresAfterwards) {
  const auto earlier = run_beside(upload(key, "3"));
  const Results results = run("block-keys", parameters);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "0");
  EXPECT_EQ(results.at("deleted"), "1");
  EXPECT_EQ(results.at(key), "Deleted and blocked successfully.");
}

TEST_F(BlockKeysTest, SaysWhenAnEarlierUploadDoesNotEnd) {
  const auto earlier = run_beside(upload(key, "60"));
  pause = [] {};
  EXPECT_NE(failure("block-keys", parameters).find("is still under way"), std::string::npos);
  EXPECT_EQ(shown.at("blocked"), "1");
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "1");
}

TEST_F(BlockKeysTest, UnblockingTellsWhichKeysWereNotBlocked) {
  const std::string other = postgres::made_up_fingerprint(2);
  static_cast<void>(run("block-keys", parameters));
  EXPECT_EQ(run("unblock-keys", {{"fingerprints", key + "," + other}}),
            (Results{{"unblocked", "1"},
                     {"not-blocked", "1"},
                     {"invalid", "0"},
                     {key, "Unblocked."},
                     {other, "It was not blocked. For a subkey, give the key."}}));
}

/// A key may carry the primary key of another as its subkey.
TEST_F(BlockKeysTest, DeletesAKeyThatIsTheSubkeyOfAnother) {
  store(certificates(1, 2));
  sql("INSERT INTO subkeys VALUES (reverse('" + fingerprint(2) + "'), reverse('" + fingerprint(1) +
      "'), '')");
  const Results results = run("block-keys", {{"fingerprints", fingerprint(1)}});
  EXPECT_EQ(results.at(fingerprint(1)), "Deleted and blocked successfully.");
  EXPECT_EQ(sql("SELECT reverse(rfingerprint) FROM keys"), fingerprint(2));
}

TEST_F(BlockKeysTest, SaysThatTheKeyserverGivesNoReason) {
  store(certificates(1, 2));
  undeletable = {fingerprint(1)};
  EXPECT_EQ(failure("block-keys", {{"fingerprints", fingerprint(1) + " " + fingerprint(2)}}),
            "1 keys are blocked but still stored: the keyserver gives no reason, see its log; run "
            "the action again");
  EXPECT_EQ(shown.at(fingerprint(1)),
            "Blocked, but not deleted: the keyserver gives no reason, see its log");
  EXPECT_EQ(shown.at(fingerprint(2)), "Deleted and blocked successfully.");
}

class ImportTest : public BlockKeysTest {
 protected:
  ImportTest() { unit.plan.admin_fingerprints = {fingerprint(7)}; }

  static std::string lines(int first, int last) {
    std::string text;
    for (int number = first; number <= last; ++number) {
      text += postgres::made_up_fingerprint(number) + "\n";
    }
    return text;
  }

  /// Stores keys, and writes them to the list. Returns them in the order of their deletion.
  std::vector<std::string> store_and_list(int count) {
    store(certificates(101, 100 + count));
    std::vector<std::string> keys;
    std::string text;
    for (int number = 101; number <= 100 + count; ++number) {
      keys.push_back(fingerprint(number));
      text += keys.back() + "\n";
    }
    write("/list", text);
    std::ranges::sort(keys);
    return keys;
  }

  const nlohmann::json from_list = {{"path", "/list"}};
};

TEST_F(ImportTest, BlocksInBatchesAndTellsItsProgress) {
  write("/list", lines(1, 25'000) + fingerprint(7) + "\n");
  const Results results = run("import-block-list", from_list);
  EXPECT_EQ(results.at("entries"), "25001");
  EXPECT_EQ(results.at("added"), "25000");
  EXPECT_EQ(results.at("refused"), "1");
  EXPECT_EQ(sql("SELECT count(*), count(DISTINCT xmin::text) FROM blocked_keys"), "25000|3");
  EXPECT_EQ(juju.action->log.front(), "blocked 10000 of 25001 entries");
}

TEST_F(ImportTest, BlocksNothingIfALateLineIsWrong) {
  write("/list", lines(1, 25'000) + "abc\n");
  EXPECT_EQ(failure("import-block-list", from_list),
            "nothing was blocked: line 25001: \"abc\" is not a fingerprint of 40 or 64 hexadecimal "
            "digits");
}

TEST_F(ImportTest, ContinuesAfterAnInterruption) {
  store(certificates(1, 3));
  std::string text = lines(101, 12'000);
  for (int number = 1; number <= 3; ++number) {
    text += fingerprint(number) + "\n";
  }
  write("/list", text);
  // The second batch fails.
  sql("CREATE FUNCTION interrupt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " IF (SELECT count(*) FROM blocked_keys) > 5000 THEN RAISE 'interrupted'; END IF;"
      " RETURN NULL; END $$;"
      "CREATE TRIGGER interrupt BEFORE INSERT ON blocked_keys EXECUTE FUNCTION interrupt()");
  EXPECT_NE(failure("import-block-list", from_list).find("interrupted"), std::string::npos);
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "10000");
  EXPECT_EQ(stored_keys(), "3");
  sql("DROP TRIGGER interrupt ON blocked_keys");
  const Results results = run("import-block-list", from_list);
  EXPECT_EQ(results.at("added"), "1903");
  EXPECT_EQ(results.at("deleted"), "3");
  EXPECT_EQ(stored_keys(), "0");
}

TEST_F(ImportTest, DeletesTheOtherKeysIfOneStays) {
  const std::vector<std::string> keys = store_and_list(1100);
  undeletable = {keys.front(), keys.back()};
  EXPECT_EQ(failure("import-block-list", from_list),
            "2 keys are blocked but still stored: the keyserver gives no reason, see its log; run "
            "the action again");
  EXPECT_EQ(shown.at("deleted"), "1098");
  EXPECT_EQ(stored_keys(), "2");
}

TEST_F(ImportTest, EndsWhenTheKeyserverRefuses) {
  static_cast<void>(store_and_list(1100));
  auto seconds = 0s;
  unit.time = [&] { return std::chrono::sys_seconds(seconds += 20s); };
  deletion_status = [] { return 422; };
  EXPECT_EQ(failure("import-block-list", from_list),
            "1000 keys are blocked but still stored: the keyserver refuses with HTTP status 422, "
            "see juju debug-log; run the action again");
  EXPECT_EQ(deletions, std::vector<std::size_t>{50});
  EXPECT_EQ(juju.action->log, std::vector<std::string>{});
}

/// Each message of an action costs a process.
TEST_F(ImportTest, TellsTheProgressOfADeletionEveryTenSeconds) {
  static_cast<void>(store_and_list(1250));
  auto seconds = 0s;
  unit.time = [&] { return std::chrono::sys_seconds(seconds); };
  deletion_status = [&] {
    seconds += 3s;
    return 200;
  };
  EXPECT_EQ(run("import-block-list", from_list).at("deleted"), "1250");
  EXPECT_EQ(juju.action->log,
            (std::vector<std::string>{"deleted 200 keys so far", "deleted 400 keys so far",
                                      "deleted 600 keys so far", "deleted 800 keys so far",
                                      "deleted 1000 keys so far", "deleted 1200 keys so far"}));
}

TEST_F(ImportTest, DeletesWhatAnEarlierUploadStoresAfterwards) {
  write("/list", key + "\n");
  const auto earlier = run_beside(upload(key, "3"));
  const Results results = run("import-block-list", from_list);
  EXPECT_EQ(stored_keys(), "0");
  EXPECT_EQ(results.at("added"), "1");
  EXPECT_EQ(results.at("deleted"), "1");
}

TEST_F(ImportTest, SaysWhenAnEarlierUploadDoesNotEnd) {
  write("/list", key + "\n");
  const auto earlier = run_beside(upload(key, "60"));
  pause = [] {};
  EXPECT_NE(failure("import-block-list", from_list).find("is still under way"), std::string::npos);
  EXPECT_EQ(shown.at("added"), "1");
}

TEST_F(ImportTest, IsWhatAnExportWrites) {
  const nlohmann::json to_storage = {{"path", "/hockeypuck/data/list.csv"}};
  write("/list", lines(1, 3));
  static_cast<void>(run("import-block-list", from_list));
  EXPECT_EQ(run("export-block-list", to_storage).at("path"), "/hockeypuck/data/list.csv");
  EXPECT_EQ(run("export-block-list", to_storage).at("path"), "/hockeypuck/data/list.csv");
  EXPECT_EQ(run("import-block-list", to_storage).at("entries"), "3");
}

TEST_F(ImportTest, IsNotWrittenOverAnotherFile) {
  write("/hockeypuck/data/key.asc", "mine");
  EXPECT_EQ(failure("export-block-list", {{"path", "/hockeypuck/data/key.asc"}}),
            "/hockeypuck/data/key.asc exists and is not a block list: give another path");
  EXPECT_EQ(failure("export-block-list", {{"path", "/hockeypuck/bin/hockeypuck"}}),
            "the parameter path must be a path below /hockeypuck/data without . and ..: "
            "\"/hockeypuck/bin/hockeypuck\"");
  EXPECT_EQ(pebble.files.at("/hockeypuck/data/key.asc").content, "mine");
}

TEST_F(ImportTest, IsListedWithinTheLimits) {
  EXPECT_EQ(failure("list-blocked-keys", {{"limit", -5}, {"offset", 0}}),
            "the parameter limit must be from 1 to 1000: -5");
  EXPECT_TRUE(failure("list-blocked-keys", {{"limit", 1}, {"offset", -1}})
                  .starts_with("the parameter offset must be from 0 to "));
  EXPECT_EQ(run("list-blocked-keys", {{"limit", 1}, {"offset", 0}}).at("total"), "0");
}

class FindKeysTest : public BlockKeysTest {
 protected:
  FindKeysTest() {
    sql("SET ROLE keys; CREATE TABLE userids (rfingerprint text, uidstring text)");
    unit.plan.admin_fingerprints = {fingerprint(3)};
    store(certificates(1, 3));
  }

  nlohmann::json all = {{"since", "2020-01-01T00:00:00Z"}};
  const std::string path = "/hockeypuck/data/flood.csv";
};

TEST_F(FindKeysTest, CountsAndWritesNothing) {
  const Results results = run("find-keys", all);
  EXPECT_EQ(results.at("keys"), "2") << "without the administrator's";
  EXPECT_EQ(results.at("examined"), "3");
  EXPECT_NE(results.at("examples").find(fingerprint(1)), std::string::npos);
  EXPECT_EQ(results.count("path"), 0U);
  EXPECT_EQ(run("find-keys", {{"until", "2020-01-01T00:00:00Z"}}).at("keys"), "0");
}

TEST_F(FindKeysTest, WritesAListThatIsImported) {
  all["path"] = path;
  EXPECT_EQ(run("find-keys", all).at("path"), path);
  EXPECT_EQ(failure("find-keys", all), path + " exists: set if-exists=replace to replace it");
  all["if-exists"] = "replace";
  EXPECT_EQ(run("find-keys", all).at("keys"), "2");
  EXPECT_EQ(run("import-block-list", {{"path", path}}).at("added"), "2");
}

TEST_F(FindKeysTest, RefusesBadInputInOneSentence) {
  const std::map<std::string, nlohmann::json> wrong = {
      {"the parameter since is not a time like 2026-11-23T20:44:11Z: \"yesterday\"",
       {{"since", "yesterday"}}},
      {"the parameter until is not a time like 2026-11-23T20:44:11Z: \"2026-02-30T00:00:00Z\"",
       {{"until", "2026-02-30T00:00:00Z"}}},
      {"since must be before until",
       {{"since", "2026-01-02T00:00:00Z"}, {"until", "2026-01-01T00:00:00Z"}}},
      {"the parameter path must be a path below /hockeypuck/data without . and ..: "
       "\"/hockeypuck/data/../x\"",
       {{"path", "/hockeypuck/data/../x"}}},
      {"a list of all keys is not written: give since, until, user-id or signatures=self",
       {{"path", path}}}};
  for (const auto& [sentence, given] : wrong) {
    EXPECT_EQ(failure("find-keys", given), sentence);
  }
  EXPECT_TRUE(failure("find-keys", {{"user-id", "a("}})
                  .starts_with("the parameter user-id is not a regular expression: "));
  EXPECT_TRUE(pebble.files.empty());
}

}  // namespace
}  // namespace charm::actions
