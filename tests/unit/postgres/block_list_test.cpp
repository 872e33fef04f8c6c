// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/postgres/key_database_test.hpp"

#include <algorithm>
#include <chrono>

namespace charm::postgres {
namespace {

using Texts = std::vector<std::string>;

class BlockList : public KeyDatabaseTest {
 protected:
  BlockList() : database(target(), 5) {
    make_hockeypuck_tables();
    database.prepare();
  }

  Texts listed(const std::string& text) {
    Texts fingerprints;
    for (const BlockedKey& entry : database.block_list(text, 100).entries) {
      fingerprints.push_back(entry.fingerprint);
    }
    return fingerprints;
  }

  std::string exported() {
    std::string text;
    database.export_block_list([&text](std::string_view piece) { text += piece; });
    return text;
  }

  KeyDatabase database;
  const std::string first = made_up_fingerprint(1);
  const std::string second = made_up_fingerprint(2, 64);
  const std::string third = made_up_fingerprint(3);
};

TEST_F(BlockList, TellsWhatIsOnIt) {
  database.block({first, second, first}, "R1", "admin");
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "2");
  database.block({third, second}, "R2", "admin");
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "3");
  EXPECT_EQ(database.blocked_among({made_up_fingerprint(4), third, third}), Texts{third});
  EXPECT_EQ(database.unblock({made_up_fingerprint(4), third, first}).size(), 2U);
  EXPECT_EQ(database.unblock({third, second}), Texts{second});
  EXPECT_EQ(database.block_list("", 10).total, 0);
  database.block({}, "", "");
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "0");
}

TEST_F(BlockList, KeepsTheDateAndTakesANewComment) {
  database.block({first}, "old", "alice");
  sql("UPDATE blocked_keys SET blocked_at = '2020-02-29 12:00:00+02'");
  database.block({first}, "", "bob");
  EXPECT_EQ(database.block_list("", 1).entries.front(),
            (BlockedKey{first, "2020-02-29T10:00:00Z", "alice", "old"}));
  database.block({first}, "new", "bob");
  EXPECT_EQ(database.block_list("", 1).entries.front(),
            (BlockedKey{first, "2020-02-29T10:00:00Z", "alice", "new"}));
}

TEST_F(BlockList, IsFilteredAndGivenInPages) {
  database.import_block_list(first + ",2020-01-01T00:00:00Z,Alice,R1 100%\n" + second +
                                 ",2021-01-01T00:00:00Z,bob,R1_x\n" + third +
                                 ",2022-01-01T00:00:00Z,bob,\n",
                             "me");
  EXPECT_EQ(listed(""), (Texts{third, second, first}));
  EXPECT_EQ(listed("r1"), (Texts{second, first}));
  EXPECT_EQ(listed("%"), Texts{first});
  EXPECT_EQ(listed("_"), Texts{second});
  EXPECT_EQ(listed("ALICE"), Texts{first});
  EXPECT_EQ(listed(third.substr(4, 10)), Texts{third});
  EXPECT_EQ(listed("'; DROP TABLE blocked_keys; --"), Texts{});
  const BlockListPage page = database.block_list("", 1, 1);
  EXPECT_EQ(page.total, 3);
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries.front().fingerprint, second);
  EXPECT_EQ(database.block_list("", 1, 7).total, 3);
}

TEST_F(BlockList, StoresHostileCommentsAsText) {
  std::string hostile = "'); DROP TABLE keys; -- \\ \" {a,b} $1 %s";
  hostile += '\0';
  hostile += "\xff\n-x";
  database.block({first}, hostile, hostile);
  const BlockedKey entry = database.block_list("", 1).entries.at(0);
  EXPECT_EQ(entry.comment, "'); DROP TABLE keys; -- \\ \" {a,b} $1 %s \uFFFD -x");
  EXPECT_EQ(entry.blocked_by, entry.comment);
}

TEST_F(BlockList, TakesOnlyFingerprints) {
  for (const std::string& wrong :
       Texts{"", "abc", "0x" + first, made_up_fingerprint(1, 48), std::string(40, 'A'),
             "'" + first.substr(1), first.substr(1) + '\0', "{" + first.substr(1)}) {
    EXPECT_THROW(database.block({wrong}, "", ""), Error) << wrong;
    EXPECT_THROW(database.unblock({first, wrong}), Error) << wrong;
    EXPECT_THROW(database.blocked_among({wrong}), Error) << wrong;
    EXPECT_THROW(database.resolve({wrong}), Error) << wrong;
    EXPECT_THROW(database.primary_packets({wrong}), Error) << wrong;
  }
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "0");
}

TEST_F(BlockList, IsWrittenAndReadWhole) {
  const std::string lines =
      "1111111111111111111111111111111111111111,2020-02-29T10:00:00Z,alice,\n"
      "2222222222222222222222222222222222222222,2021-01-01T00:00:00Z,\"a,"
      "b\",\"say \"\"no\"\" \\ {}\"\n";
  const std::string text = std::string(block_list_header) + "\n" + lines;
  const BlockListImport import = database.import_block_list(text, "me");
  EXPECT_EQ(import.entries, 2U);
  EXPECT_EQ(import.added, 2U);
  EXPECT_EQ(exported(), text);
  EXPECT_EQ(database.import_block_list(text, "me").added, 0U);
  EXPECT_EQ(exported(), text);
}

TEST_F(BlockList, MayBeImportedFromBareFingerprints) {
  EXPECT_EQ(database.import_block_list("# mine\r\n0x" + first + "\r\n\r\n" + second, "me").added,
            2U);
  EXPECT_EQ(sql("SELECT blocked_by, now() - blocked_at < '1 minute' FROM blocked_keys"),
            "me|t\nme|t");
}

TEST_F(BlockList, IsNotImportedInParts) {
  try {
    database.import_block_list(first + "\n\n" + second + ",today\n", "me");
    FAIL() << "a wrong date was accepted";
  } catch (const InputError& fault) {
    EXPECT_STREQ(fault.what(), "line 3: \"today\" is not a date like 2026-11-23T20:44:11Z");
  }
  EXPECT_EQ(database.block_list("", 10).total, 0);
}

TEST_F(BlockList, MayBeLong) {
  const Texts fingerprints = made_up_fingerprints(25'000);
  database.block(fingerprints, "R1", "me");
  EXPECT_EQ(database.block_list("", 10).total, 25'000);
  const std::string text = exported();
  EXPECT_EQ(std::ranges::count(text, '\n'), 25'001);
  EXPECT_EQ(database.unblock(fingerprints).size(), 25'000U);
  EXPECT_EQ(database.import_block_list(text, "me").added, 25'000U);
}

TEST_F(BlockList, NamesBlockedKeysThatAreStored) {
  EXPECT_TRUE(store(first));
  EXPECT_TRUE(store(third));
  database.block({first, second, third}, "", "me");
  EXPECT_EQ(database.stored_blocked_keys(10).size(), 2U);
  EXPECT_EQ(database.stored_blocked_keys(1).size(), 1U);
  const std::string last = database.stored_blocked_keys(1).front();
  EXPECT_EQ(database.stored_blocked_keys(10, last).size(), 1U);
  sql("DELETE FROM keys");
  EXPECT_EQ(database.stored_blocked_keys(10), Texts{});
}

TEST_F(BlockList, WaitsForUploadsThatBeganEarlier) {
  const std::string insert =
      "INSERT INTO keys SELECT reverse('" + first + "'), '{}', now(), now(), '', NULL, now(), ''";
  const auto upload = run_beside("BEGIN; " + insert + "; SELECT pg_sleep(0.3); COMMIT");
  const Blocking blocking = database.block({first}, "", "me");
  EXPECT_TRUE(blocking.settled);
  EXPECT_EQ(database.stored_blocked_keys(10), Texts{first});
}

TEST_F(BlockList, WaitsForUploadsThatBeganBeforeAnImport) {
  const std::string insert =
      "INSERT INTO keys SELECT reverse('" + first + "'), '{}', now(), now(), '', NULL, now(), ''";
  const auto upload = run_beside("BEGIN; " + insert + "; SELECT pg_sleep(0.3); COMMIT");
  EXPECT_EQ(database.import_block_list(first, "me").added, 1U);
  EXPECT_TRUE(database.await_earlier_writers().settled);
  EXPECT_EQ(database.stored_blocked_keys(10), Texts{first});
}

TEST_F(BlockList, DoesNotWaitLongForUploads) {
  const auto load = run_beside("BEGIN; LOCK keys IN ROW EXCLUSIVE MODE; SELECT pg_sleep(30)");
  const auto start = std::chrono::steady_clock::now();
  const Blocking blocking = database.block({first}, "", "me");
  EXPECT_FALSE(blocking.settled);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(database.blocked_among({first}), Texts{first});
  EXPECT_FALSE(database.has_settled(blocking));
  sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  while (sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "0") {
  }
  EXPECT_TRUE(database.has_settled(blocking));
}

}  // namespace
}  // namespace charm::postgres
