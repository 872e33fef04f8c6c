// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Measures the block list in a PostgreSQL that writes to its disk as in production. Prints a table,
// and ends with 1 if a bound is exceeded.
#include "charm/postgres/key_database.hpp"
#include "tests/bench/cost_table.hpp"
#include "tests/support/postgres_cluster.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using bench::Cost;
using charm::postgres::KeyDatabase;

constexpr const char* password = "bench";
constexpr int many = 10'000;
constexpr int very_many = 1'000'000;

/// Hockeypuck's tables with all indexes that an upload must update.
constexpr const char* tables = R"(
SET ROLE keys;
CREATE TABLE keys (rfingerprint text PRIMARY KEY, doc jsonb NOT NULL, ctime timestamptz NOT NULL,
  mtime timestamptz NOT NULL, md5 text NOT NULL UNIQUE, keywords tsvector,
  idxtime timestamptz NOT NULL, vfingerprint text NOT NULL);
CREATE TABLE subkeys (rfingerprint text NOT NULL REFERENCES keys, rsubfp text PRIMARY KEY,
  vsubfp text NOT NULL);
CREATE INDEX keys_rfp ON keys (rfingerprint text_pattern_ops);
CREATE INDEX keys_vfp ON keys (vfingerprint);
CREATE INDEX keys_ctime ON keys (ctime);
CREATE INDEX keys_mtime ON keys (mtime);
CREATE INDEX keys_idxtime ON keys (idxtime);
CREATE INDEX keys_keywords ON keys USING GIN (keywords);
)";

/// `swap_block_lists()` exchanges the empty list and the full one. `store(name)` runs Hockeypuck's
/// statements for one upload.
constexpr const char* functions = R"(
SET ROLE keys;
CREATE TABLE spare (LIKE blocked_keys INCLUDING ALL);
CREATE FUNCTION swap_block_lists() RETURNS void LANGUAGE sql AS $$
  ALTER TABLE blocked_keys RENAME TO other;
  ALTER TABLE spare RENAME TO blocked_keys;
  ALTER TABLE other RENAME TO spare $$;
CREATE FUNCTION store(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO keys SELECT name, jsonb_build_object('packet', repeat('x', 1500)), now(), now(), name,
    '''alice'' ''alice@example.com''', now(), name
    WHERE NOT EXISTS (SELECT 1 FROM keys WHERE rfingerprint = name);
  INSERT INTO subkeys SELECT name, name, ''
    WHERE NOT EXISTS (SELECT 1 FROM subkeys WHERE rsubfp = name);
END $$;
)";

/// Alternates rounds of uploads with the full and the empty list, directly after each other in one
/// session. The time contains only the database's own work, and other load on the machine affects
/// both lists. After a swap the first uploads make new plans, which uploads in production do not,
/// so they are not counted. The list that comes first changes from pair to pair.
constexpr const char* turns = R"(
SET ROLE keys;
CREATE TABLE measured (pair int, is_full boolean, microseconds double precision);
DO $$
DECLARE
  is_full boolean := true;
  began timestamptz;
  number bigint := 0;
BEGIN
  FOR half IN 0..799 LOOP
    IF half % 2 = 1 THEN
      PERFORM swap_block_lists();
      is_full := NOT is_full;
    END IF;
    FOR warm_up IN 1..3 LOOP
      PERFORM store(md5('key' || number) || '00000000');
      number := number + 1;
    END LOOP;
    began := clock_timestamp();
    FOR upload IN 1..10 LOOP
      PERFORM store(md5('key' || number) || '00000000');
      number := number + 1;
    END LOOP;
    INSERT INTO measured
      VALUES (half / 2, is_full, extract(epoch FROM clock_timestamp() - began) * 1e6 / 10);
  END LOOP;
END $$;
)";

/// The number of blocks of tables and indexes that one upload touches: the same on any machine.
constexpr const char* blocks = R"(
SET ROLE keys;
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, COSTS OFF, FORMAT JSON)
  INSERT INTO keys VALUES (md5('KEY') || '00000000', '{}', now(), now(), 'KEY', NULL, now(), '')
)";

std::vector<std::string> fingerprints(int count) {
  std::vector<std::string> made_up;
  made_up.reserve(static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number) {
    made_up.push_back(bench::made_up_fingerprint(number));
  }
  return made_up;
}

class Bench {
 public:
  Bench() {
    cluster_.configure(
        "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"
        "max_wal_size = 1GB\nshared_buffers = 256MB\nautovacuum = off\n");
    cluster_.restart();
    cluster_.create_role("keys", password);
    cluster_.create_database("keys", "keys");
    sql(tables);
  }

  std::vector<Cost> costs() {
    KeyDatabase database({.host = cluster_.host(),
                          .port = cluster_.port(),
                          .database = "keys",
                          .user = "keys",
                          .password = password,
                          .ssl_mode = "disable"},
                         5);
    std::vector<Cost> costs;
    const auto timed = [&costs](const std::string& what, const auto& action) {
      costs.push_back({what, bench::seconds(action), "s"});
    };
    timed("prepare a new database", [&] { database.prepare(); });
    timed("prepare again", [&] { database.prepare(); });
    const auto absent = fingerprints(many);
    timed("block 10,000 absent keys", [&] { database.block(absent, "R1", "bench"); });
    timed("resolve 10,000 absent keys", [&] { database.resolve(absent); });
    timed("unblock 10,000 keys", [&] { database.unblock(absent); });
    const std::string list = bench::made_up_block_list(very_many);
    timed("import 1,000,000 entries", [&] { database.import_block_list(list, "bench"); });
    sql("VACUUM ANALYZE");
    timed("block 10,000 of 1,000,000 again", [&] { database.block(absent, "R2", "bench"); });
    timed("list 100 of 1,000,000 by comment", [&] { database.block_list("R77", 100); });
    timed("find stored ones of 1,000,000", [&] { database.stored_blocked_keys(100); });
    timed("export 1,000,000 entries", [&] { database.export_block_list([](auto) {}); });
    for (const Cost& cost : storing()) {
      costs.push_back(cost);
    }
    return costs;
  }

 private:
  std::string sql(const std::string& statement) { return cluster_.psql(statement, "keys"); }

  std::vector<Cost> storing() {
    sql(functions);
    sql("VACUUM ANALYZE");
    sql(turns);
    const bench::Pairs times{measured("false"), measured("true")};
    const double all = blocks_touched("full");
    sql("SELECT swap_block_lists()");
    const double none = blocks_touched("empty");
    return {{"store a key, nothing blocked", bench::median(times.none), "us"},
            {"store a key, 1,000,000 blocked", bench::median(times.all), "us"},
            {"store a key, blocked against nothing", times.ratio(), "times", 1.2},
            {"blocks touched, nothing blocked", none, ""},
            {"blocks touched, 1,000,000 blocked", all, ""},
            {"blocks touched, blocked against nothing", all / none, "times", 1.2}};
  }

  std::vector<double> measured(const std::string& is_full) {
    std::istringstream lines(
        sql("SELECT microseconds FROM measured WHERE is_full = " + is_full + " ORDER BY pair"));
    std::vector<double> values;
    for (double value = 0; lines >> value;) {
      values.push_back(value);
    }
    return values;
  }

  /// Uses the second upload of a session, because the first reads the catalogue.
  double blocks_touched(const std::string& list) {
    std::string twice;
    for (const char* time : {"1", "2"}) {
      std::string statement = blocks;
      for (auto at = statement.find("KEY"); at != std::string::npos; at = statement.find("KEY")) {
        statement.replace(at, 3, list + time);
      }
      twice += statement + ";\n";
    }
    const std::string plans = sql(twice);
    const std::string word = "\"Shared Hit Blocks\": ";
    // The first number of a plan belongs to its top node and includes all nodes below it.
    const auto plan = plans.find(word, plans.rfind("\"Plan\""));
    return std::stod(plans.substr(plan + word.size()));
  }

  test::PostgresCluster cluster_;
};

}  // namespace

int main() {
  try {
    if (bench::print(Bench().costs())) {
      return EXIT_SUCCESS;
    }
    std::cerr << "A bound is broken.\n";
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
  }
  return EXIT_FAILURE;
}
