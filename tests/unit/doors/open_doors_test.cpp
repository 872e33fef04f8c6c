// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/doors/open_doors.hpp"

#include "charm/domain/digest.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/support/socket_server.hpp"
#include "tests/unit/download/web_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace charm {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;

/// A program whose gzip file has more than 300 KB.
std::string program_of_noise() {
  std::string text;
  for (int number = 0; number < 10'000; ++number) {
    text += sha256(std::to_string(number));
  }
  return text;
}

TEST(NetworkDownloads, MoveTheDeadlineThatTheyExceed) {
  const std::string program = program_of_noise();
  const std::string archive = download::gzipped(program);
  ASSERT_GT(archive.size(), 300'000U) << "more than 64 KiB for each second";
  const test::SocketServer server(AF_INET, download::pausing(archive, archive.size() - 1, 2s));
  Deadline end(1s);
  NetworkDownloads downloads(end);
  const std::string fetched =
      downloads.fetch(Download{.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/",
                               .archive_sha256 = sha256(archive),
                               .content_sha256 = sha256(program)},
                      {});
  EXPECT_FALSE(end.passed());
  EXPECT_EQ(sha256(fetched), sha256(program));
}

TEST(SystemClock, DoesNotTakeTimeForAMomentThatHasPassed) {
  Deadline end(20s);
  SystemClock clock(end);
  clock.wait_until(clock.now() - 5s);
  EXPECT_GT(end.left(1min), 17s);
}

TEST(RelatedDatabases, ArePreparedAlthoughTheServerWasRestartedSinceTheActionOpenedOne) {
  test::PostgresCluster cluster;
  cluster.create_role("keys", "password");
  cluster.create_database("keys", "keys");
  const Database database{.host = cluster.host(),
                          .port = cluster.port(),
                          .name = "keys",
                          .user = "keys",
                          .password = "password"};
  Deadline end(5min);
  RelatedDatabases databases(end);
  const std::string identity = databases.open(database).identity();
  cluster.restart();
  EXPECT_EQ(databases.prepare(database).identity, identity);
}

}  // namespace
}  // namespace charm
