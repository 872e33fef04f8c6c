// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/transport.hpp"

#include "tests/support/socket_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <sys/socket.h>

namespace charm::pebble {
namespace {

using Server = test::SocketServer;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using test::received;
using test::send_text;

/// Listens on a unix socket and hands each connection to a function, which closes nothing.
std::string answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

class UnixSocketTransportTest : public testing::Test {
 protected:
  /// The text of the fault; empty without one.
  std::string fault(const Request& request, std::chrono::milliseconds timeout) {
    try {
      transport.send(request, timeout);
    } catch (const ConnectionError& error) {
      return error.what();
    }
    return {};
  }

  test::TemporaryDirectory directory{"transport"};
  std::string path = directory.path() / "s";
  UnixSocketTransport transport{path};
  Request get = {.method = "GET", .target = "/v1/plan?format=yaml&path=%2Fa%26b"};
};

TEST_F(UnixSocketTransportTest, TellsThatNothingListens) {
  const std::string text = fault(get, 1s);
  EXPECT_NE(text.find("GET /v1/plan"), std::string::npos) << text;
  EXPECT_NE(text.find(path), std::string::npos) << text;
}

TEST_F(UnixSocketTransportTest, SendsTheRequestAsItStandsAndForLocalhost) {
  std::string request;
  const Server server(path, [&request](int connection) {
    request = received(connection);
    send_text(connection, answer("{}"));
  });
  get.accept = "multipart/form-data";
  const Response response = transport.send(get, 5s);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_TRUE(request.starts_with("GET /v1/plan?format=yaml&path=%2Fa%26b HTTP/1.1\r\n"))
      << request;
  EXPECT_NE(request.find("\r\nHost: localhost\r\n"), std::string::npos) << request;
  EXPECT_NE(request.find("\r\nAccept: multipart/form-data\r\n"), std::string::npos) << request;
}

TEST_F(UnixSocketTransportTest, KeepsItsConnection) {
  const Server server(path, [](int connection) {
    while (!received(connection).empty()) {
      send_text(connection, answer("{}"));
    }
  });
  {
    UnixSocketTransport kept(path);
    kept.send(get, 5s);
    kept.send(get, 5s);
    kept.send(get, 5s);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(UnixSocketTransportTest, ConnectsAgainAfterTheOtherSideHungUp) {
  const Server server(path, [](int connection) {
    received(connection);
    send_text(connection, answer("{}"));
  });
  EXPECT_EQ(transport.send(get, 5s).status, 200);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(transport.send(get, 5s).status, 200);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(UnixSocketTransportTest, WaitsNoLongerThanAsked) {
  std::atomic<bool> done = false;
  const Server server(path, [&done](int connection) {
    received(connection);
    while (!done) {
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const std::string text = fault(get, 200ms);
  done = true;
  EXPECT_FALSE(text.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST_F(UnixSocketTransportTest, IsNotHeldByAnAnswerThatTrickles) {
  std::atomic<bool> done = false;
  const Server server(path, [&done](int connection) {
    received(connection);
    send_text(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (!done && send_text(connection, "x")) {
      std::this_thread::sleep_for(20ms);
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const std::string text = fault(get, 300ms);
  done = true;
  EXPECT_NE(text.find("took too long"), std::string::npos) << text;
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST_F(UnixSocketTransportTest, RefusesAnAnswerWithoutEnd) {
  const Server server(path, [](int connection) {
    received(connection);
    send_text(connection, "HTTP/1.1 200 OK\r\nContent-Length: 70000000\r\n\r\n");
    const std::string piece(1'000'000, 'x');
    while (send_text(connection, piece)) {
    }
  });
  const std::string text = fault(get, 20s);
  EXPECT_NE(text.find("too long"), std::string::npos) << text;
}

TEST_F(UnixSocketTransportTest, AsksNothingAfterTheDeadline) {
  const Server server(path, [](int connection) {
    received(connection);
    send_text(connection, answer("{}"));
  });
  const Deadline over(0ms);
  UnixSocketTransport late(path, over);
  EXPECT_THROW(late.send(get, 5s), OutOfTime);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(UnixSocketTransportTest, SurvivesAServerThatHangsUpDuringAPush) {
  const Server server(path, [](int connection) {
    std::array<char, 100> buffer{};
    ::recv(connection, buffer.data(), buffer.size(), 0);
  });
  const Request push{.method = "POST",
                     .target = "/v1/files",
                     .body = std::string(20'000'000, 'x'),
                     .content_type = "application/json"};
  EXPECT_FALSE(fault(push, 20s).empty());
}

}  // namespace
}  // namespace charm::pebble
