// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"

#include "tests/support/free_port.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace charm::keyserver {
namespace {

/// Answers the first connection to a loopback address with fixed bytes; with none it says nothing
/// until the caller hangs up.
class Server {
 public:
  Server(int family, std::string answer)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)), answer_(std::move(answer)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    const bool six = family == AF_INET6;
    const void* address = six ? static_cast<const void*>(&v6) : &v4;
    socklen_t size = six ? sizeof(v6) : sizeof(v4);
    usable_ = ::bind(socket_, static_cast<const sockaddr*>(address), size) == 0 &&
              ::listen(socket_, 1) == 0;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(six ? static_cast<void*>(&v6) : &v4), &size);
    port_ = ntohs(six ? v6.sin6_port : v4.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  ~Server() {
    ::shutdown(socket_, SHUT_RDWR);  // Ends accept().
    thread_.join();
    ::close(socket_);
  }

  [[nodiscard]] bool usable() const { return usable_; }

  [[nodiscard]] int port() const { return port_; }

  /// What was asked; complete once the look-up is over.
  [[nodiscard]] const std::string& request() const { return request_; }

 private:
  void serve() {
    const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    std::array<char, 4096> buffer{};
    const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
    request_.assign(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (answer_.empty()) {
      ::recv(connection, buffer.data(), buffer.size(), 0);
    }
    ::send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    ::close(connection);
  }

  int socket_;
  std::string answer_;
  std::string request_;
  bool usable_ = false;
  int port_ = 0;
  std::thread thread_;
};

KeyserverHealth look_at(const std::string& status_line) {
  const Server server(AF_INET, status_line + "\r\nContent-Length: 2\r\n\r\nx\n");
  return look(server.port());
}

TEST(KeyserverClient, AsksForAKeyThatCannotExist) {
  const Server server(AF_INET, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(look(server.port()), KeyserverHealth::serving);
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
  EXPECT_EQ(look(server.port()), KeyserverHealth::serving);
}

TEST(KeyserverClient, TellsThatNothingListens) {
  EXPECT_EQ(look(test::free_port()), KeyserverHealth::unreachable);
}

TEST(KeyserverClient, WaitsTwoSecondsAtMost) {
  const Server server(AF_INET, "");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(look(server.port()), KeyserverHealth::unreachable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST(KeyserverClient, DoesNotTakeNonsenseForAKeyserver) {
  const Server server(AF_INET, "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(look(server.port()), KeyserverHealth::unreachable);
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
