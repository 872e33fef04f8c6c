// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Measures the block list in a PostgreSQL that writes to its disk as in production. Prints a table,
// and ends with 1 when a bound is broken.
#include "charm/postgres/key_database.hpp"
#include "tests/support/postgres_cluster.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using charm::postgres::KeyDatabase;

constexpr const char* password = "bench";
constexpr int many = 10'000;
constexpr int very_many = 1'000'000;

/// Hockeypuck's tables with what an upload has to keep up.
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

struct Row {
  std::string what;
  double value;
  const char* unit;
  double bound;
};

template <typename Action>
double seconds(const Action& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string fingerprint(int number) {
  const auto value = static_cast<unsigned>(number);
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(8) << value * 2654435761U << std::setw(32)
       << value;
  return text.str();
}

std::vector<std::string> fingerprints(int count) {
  std::vector<std::string> made_up;
  made_up.reserve(static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number) {
    made_up.push_back(fingerprint(number));
  }
  return made_up;
}

std::string block_list(int count) {
  std::string text;
  for (int number = 0; number < count; ++number) {
    text += fingerprint(number) + ",2026-01-01T00:00:00Z,bench,R" + std::to_string(number) + "\n";
  }
  return text;
}

/// What Hockeypuck says to the database for one upload.
std::string upload(const std::string& key) {
  const std::string row = "'" + key + "'";
  return "BEGIN;\nINSERT INTO keys SELECT " + row + ", '{\"packet\": \"" + std::string(1500, 'x') +
         "\"}', now(), now(), " + row + ", '''alice'' ''alice@example.com''', now(), " + row +
         " WHERE NOT EXISTS (SELECT 1 FROM keys WHERE rfingerprint = " + row +
         ");\nINSERT INTO subkeys SELECT " + row + ", " + row +
         ", '' WHERE NOT EXISTS (SELECT 1 FROM subkeys WHERE rsubfp = " + row + ");\nCOMMIT;\n";
}

/// What else the machine does can only add.
double least(const std::vector<double>& values) {
  return *std::ranges::min_element(values);
}

class Bench {
 public:
  Bench() {
    cluster_.configure(
        "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"
        "max_wal_size = 1GB\nshared_buffers = 256MB\n");
    cluster_.restart();
    cluster_.create_role("keys", password);
    cluster_.create_database("keys", "keys");
    sql(tables);
  }

  std::vector<Row> rows() {
    KeyDatabase database({.host = cluster_.host(),
                          .port = cluster_.port(),
                          .database = "keys",
                          .user = "keys",
                          .password = password,
                          .ssl_mode = "disable"},
                         5);
    std::vector<Row> rows;
    const auto timed = [&rows](const std::string& what, double bound, const auto& action) {
      rows.push_back({what, seconds(action), "s", bound});
    };
    timed("prepare a new database", 0, [&] { database.prepare(); });
    timed("prepare again", 0, [&] { database.prepare(); });
    const auto absent = fingerprints(many);
    timed("block 10,000 absent keys", 2, [&] { database.block(absent, "R1", "bench"); });
    timed("resolve 10,000 absent keys", 0, [&] { database.resolve(absent); });
    timed("unblock 10,000 keys", 2, [&] { database.unblock(absent); });
    const std::string list = block_list(very_many);
    timed("import 1,000,000 entries", 0, [&] { database.import_block_list(list, "bench"); });
    timed("block 10,000 of 1,000,000 again", 2, [&] { database.block(absent, "R2", "bench"); });
    timed("list 100 of 1,000,000 by comment", 0, [&] { database.block_list("R77", 100); });
    timed("find stored ones of 1,000,000", 0, [&] { database.stored_blocked_keys(100); });
    timed("export 1,000,000 entries", 0, [&] { database.export_block_list([](auto) {}); });
    const auto [none, all] = insert_with_and_without();
    rows.push_back({"store a key, nothing blocked", none, "us", 0});
    rows.push_back({"store a key, 1,000,000 blocked", all, "us", 0});
    rows.push_back({"store a key, blocked against nothing", all / none, "times", 1.2});
    return rows;
  }

 private:
  std::string sql(const std::string& statement) { return cluster_.psql(statement, "keys"); }

  /// Microseconds for each of some uploads, as a client of the database sees them. HTTP and the
  /// keyserver's own work are not in it.
  double insert(int round) {
    constexpr int amount = 500;
    std::string uploads;
    for (int number = 0; number < amount; ++number) {
      uploads += upload(fingerprint(very_many + round * amount + number));
    }
    const double taken = seconds([&] { sql(uploads); });
    sql("TRUNCATE keys, subkeys");
    return taken * 1e6 / amount;
  }

  /// In turns, so that whatever else the machine does falls on both.
  std::pair<double, double> insert_with_and_without() {
    sql("SET ROLE keys; CREATE TABLE spare (LIKE blocked_keys INCLUDING ALL)");
    sql("VACUUM ANALYZE blocked_keys");
    // Waiting for the disk is the same for both, and far too uneven to compare.
    cluster_.configure("fsync = off\n");
    cluster_.restart();
    // A server at work has the index in memory.
    sql("SET enable_seqscan = off; SELECT count(fingerprint) FROM blocked_keys");
    std::vector<double> none;
    std::vector<double> all;
    for (int round = 0; round < 40; ++round) {
      all.push_back(insert(round));
      swap_block_lists();
      none.push_back(insert(round));
      swap_block_lists();
    }
    return {least(none), least(all)};
  }

  void swap_block_lists() {
    sql("ALTER TABLE blocked_keys RENAME TO other; ALTER TABLE spare RENAME TO blocked_keys;"
        "ALTER TABLE other RENAME TO spare");
  }

  test::PostgresCluster cluster_;
};

}  // namespace

int main() {
  try {
    bool kept = true;
    for (const Row& row : Bench().rows()) {
      const bool bounded = row.bound > 0;
      const std::string bound = bounded ? "bound " + std::to_string(row.bound).substr(0, 3) : "";
      std::cout << std::left << std::setw(36) << row.what << std::right << std::setw(10)
                << std::fixed << std::setprecision(3) << row.value << ' ' << std::left
                << std::setw(8) << row.unit << bound << std::endl;
      kept = kept && (!bounded || row.value <= row.bound);
    }
    if (!kept) {
      std::cerr << "A bound is broken.\n";
    }
    return kept ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
    return EXIT_FAILURE;
  }
}
