// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Measures the cost of an upload over HTTP with a million blocked keys and with none, in every
// available keyserver program. Prints a table, and ends with 1 if a bound is exceeded.
#include "charm/openpgp/admin_key.hpp"
#include "charm/postgres/key_database.hpp"
#include "tests/bench/cost_table.hpp"
#include "tests/contract/keyserver/keyserver_program.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace {

using bench::Cost;
using contract::Keyserver;
using contract::Program;

constexpr int very_many = 1'000'000;
constexpr int pairs = 60;
constexpr int uploads = 10;
/// After a swap of the block lists the database makes new plans for its statements.
constexpr int warm_ups = 3;

std::string new_key() {
  static int number = 0;
  const std::chrono::sys_seconds created(std::chrono::seconds(1'700'000'000));
  return charm::openpgp::AdminKey::generate(
             "Bench " + std::to_string(++number) + " <bench@example.com>", created)
      .public_armor();
}

/// The costs of one upload in a series.
struct Sample {
  double wall = 0;      ///< Milliseconds until the answer, the median.
  double database = 0;  ///< Microseconds of CPU time in the database's processes.
};

class Bench {
 public:
  explicit Bench(Program program) : keyserver_(program, cluster_) {
    // Waiting for the disk is the same for both sides, and varies too much to compare.
    cluster_.configure("fsync = off\nautovacuum = off\nshared_buffers = 256MB\n");
    cluster_.restart();
    keyserver_.start();
    charm::postgres::KeyDatabase database({.host = cluster_.host(),
                                           .port = cluster_.port(),
                                           .database = Keyserver::database,
                                           .user = Keyserver::role,
                                           .password = Keyserver::password,
                                           .ssl_mode = "disable"},
                                          5);
    if (!database.prepare()) {
      throw std::runtime_error("the block list is not enforced");
    }
    database.import_block_list(bench::made_up_block_list(very_many), "bench");
    sql(std::string("SET ROLE ") + Keyserver::role +
        "; CREATE TABLE spare (LIKE blocked_keys INCLUDING ALL)");
    sql("VACUUM ANALYZE");
  }

  std::vector<Cost> costs(const std::string& name) {
    bench::Pairs wall;
    bench::Pairs database;
    for (int pair = 0; pair < pairs; ++pair) {
      // The full list comes first in every other pair.
      measure(wall, database);
      swap_block_lists();
      measure(wall, database);
    }
    return {{name + ": upload, nothing blocked", bench::median(wall.none), "ms"},
            {name + ": upload, 1,000,000 blocked", bench::median(wall.all), "ms"},
            {name + ": upload, blocked against nothing", wall.ratio(), "times", 1.2},
            {name + ": in the database, nothing blocked", bench::median(database.none), "us CPU"},
            {name + ": in the database, 1,000,000 blocked", bench::median(database.all), "us CPU"},
            {name + ": in the database, blocked against nothing", database.ratio(), "times", 1.2}};
  }

 private:
  std::string sql(const std::string& statement) {
    return cluster_.psql(statement, Keyserver::database);
  }

  void measure(bench::Pairs& wall, bench::Pairs& database) {
    const Sample sample = take_sample();
    (is_full_ ? wall.all : wall.none).push_back(sample.wall);
    (is_full_ ? database.all : database.none).push_back(sample.database);
  }

  Sample take_sample() {
    for (int number = 0; number < warm_ups; ++number) {
      upload(new_key());
    }
    std::vector<double> walls;
    double processor = 0;
    for (int number = 0; number < uploads; ++number) {
      const std::string key = new_key();
      const double before = database_time();
      walls.push_back(bench::seconds([&] { upload(key); }) * 1e3);
      processor += database_time() - before;
    }
    return {bench::median(walls), processor / uploads};
  }

  void upload(const std::string& key) {
    const contract::Answer answer = keyserver_.post("/pks/add", {{"keytext", key}});
    if (answer.status != 200 || answer.body.find("inserted\":[\"") == std::string::npos) {
      throw std::runtime_error("the key was not taken: " + std::to_string(answer.status) + " " +
                               answer.body);
    }
  }

  /// CPU time of the keyserver's connections so far, in microseconds, as Linux accounts it. Other
  /// programs do not affect it, however busy the machine is.
  double database_time() {
    if (backends_.empty()) {
      std::istringstream list(
          sql(std::string("SELECT pid FROM pg_stat_activity WHERE usename = '") + Keyserver::role +
              "' AND pid <> pg_backend_pid()"));
      for (int pid = 0; list >> pid;) {
        backends_.push_back(pid);
      }
    }
    double sum = 0;
    for (const int pid : backends_) {
      double nanoseconds = 0;
      std::ifstream("/proc/" + std::to_string(pid) + "/schedstat") >> nanoseconds;
      sum += nanoseconds / 1e3;
    }
    return sum;
  }

  void swap_block_lists() {
    sql("ALTER TABLE blocked_keys RENAME TO other; ALTER TABLE spare RENAME TO blocked_keys;"
        "ALTER TABLE other RENAME TO spare");
    is_full_ = !is_full_;
    backends_.clear();
  }

  test::PostgresCluster cluster_;
  Keyserver keyserver_;
  bool is_full_ = true;
  std::vector<int> backends_;
};

}  // namespace

int main() {
  try {
    bool kept = true;
    for (const auto& [program, name] : {std::pair{Program::rehearsal, "stand-in"},
                                        std::pair{Program::hockeypuck, "Hockeypuck"}}) {
      if (contract::path_of(program)) {
        kept = bench::print(Bench(program).costs(name)) && kept;
      }
    }
    if (kept) {
      return EXIT_SUCCESS;
    }
    std::cerr << "A bound is broken.\n";
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
  }
  return EXIT_FAILURE;
}
