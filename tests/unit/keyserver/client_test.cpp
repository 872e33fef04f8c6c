// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"

#include "tests/support/free_port.hpp"
#include "tests/support/socket_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace charm::keyserver {
namespace {

/// Answers the first connection to a loopback address with fixed bytes. If there are none, it is
/// silent until the caller hangs up.
class Server {
 public:
  Server(int family, std::string answer)
      : answer_(std::move(answer)), server_(family, [this](int connection) { talk(connection); }) {}

  [[nodiscard]] bool usable() const { return server_.usable(); }

  [[nodiscard]] int port() const { return server_.port(); }

  /// The received request; complete once the lookup is over.
  [[nodiscard]] const std::string& request() const { return request_; }

 private:
  void talk(int connection) {
    request_ = test::received(connection);
    if (answer_.empty()) {
      test::received(connection);
    }
    test::send_text(connection, answer_);
  }

  std::string answer_;
  std::string request_;
  test::SocketServer server_;
};

KeyserverHealth look_at(const std::string& status_line) {
  const Server server(AF_INET, status_line + "\r\nContent-Length: 2\r\n\r\nx\n");
  return Client(server.port()).health();
}

TEST(KeyserverClient, AsksForAKeyThatCannotExist) {
  const Server server(AF_INET, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(Client(server.port()).health(), KeyserverHealth::serving);
  EXPECT_TRUE(server.request().starts_with(
      "GET /pks/lookup?op=get&search=0x0000000000000000000000000000000000000000 HTTP/1.1\r\n"))
      << server.request();
}

TEST(KeyserverClient, JudgesByTheStatusOfTheLookUp) {
  EXPECT_EQ(look_at("HTTP/1.1 200 OK"), KeyserverHealth::serving);
  EXPECT_EQ(look_at("HTTP/1.1 500 Internal Server Error"), KeyserverHealth::database_failing);
  EXPECT_EQ(look_at("HTTP/1.1 503 Service Unavailable"), KeyserverHealth::database_failing);
}

TEST(KeyserverClient, FindsAServerOnTheOtherLoopbackAddress) {
  const Server server(AF_INET6, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  if (!server.usable()) {
    GTEST_SKIP() << "no IPv6 here";
  }
  EXPECT_EQ(Client(server.port()).health(), KeyserverHealth::serving);
}

TEST(KeyserverClient, TellsThatNothingListens) {
  EXPECT_EQ(Client(test::free_port()).health(), KeyserverHealth::unreachable);
}

TEST(KeyserverClient, WaitsTwoSecondsAtMost) {
  const Server server(AF_INET, "");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Client(server.port()).health(), KeyserverHealth::unreachable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST(KeyserverClient, DoesNotTakeNonsenseForAKeyserver) {
  const Server server(AF_INET, "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(Client(server.port()).health(), KeyserverHealth::unreachable);
}

TEST(KeyserverClient, EncodesTheKeywordOfALookup) {
  const Server server(AF_INET, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(Client(server.port()).get("a&op=stats#\r\n").status, 404);
  EXPECT_TRUE(server.request().starts_with(
      "GET /pks/lookup?op=get&search=a%26op%3Dstats%23%0D%0A HTTP/1.1\r\n"))
      << server.request();
}

const std::string fingerprint = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";

StoredKey found_in(const std::string& index, const std::string& status_line = "HTTP/1.1 200 OK") {
  const Server server(AF_INET, status_line + "\r\nContent-Length: " + std::to_string(index.size()) +
                                   "\r\n\r\n" + index);
  return Client(server.port()).find(fingerprint);
}

TEST(StoredKeys, AreReadFromTheMachineReadableIndex) {
  const std::string line =
      "info:1:1\npub:1026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC:22:263:1700000000::";
  EXPECT_EQ(found_in(line + "\nuid:r <r@example.com>:1700000000::r\n"), StoredKey::present);
  EXPECT_EQ(found_in(line + "r\n"), StoredKey::revoked);
  EXPECT_EQ(found_in("info:1:1\npub:2026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC:22:263:1::r\n"),
            StoredKey::absent)
      << "the fingerprint is that of a subkey";
  EXPECT_EQ(found_in("info:1:0\n"), StoredKey::absent);
}

TEST(StoredKeys, AreUnknownWhileTheDatabaseFailsOrNobodyAnswers) {
  EXPECT_EQ(found_in("", "HTTP/1.1 404 Not Found"), StoredKey::absent);
  EXPECT_EQ(found_in("", "HTTP/1.1 500 Internal Server Error"), StoredKey::unknown);
  EXPECT_EQ(Client(test::free_port()).find(fingerprint), StoredKey::unknown);
}

}  // namespace
}  // namespace charm::keyserver
