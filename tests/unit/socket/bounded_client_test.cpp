// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/bounded_client.hpp"

#include "tests/support/socket_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include <sys/socket.h>

namespace charm::socket {
namespace {

using Server = test::SocketServer;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using test::received;
using test::send_text;

const HttpRequest get{.method = "GET", .target = "/", .longest_answer = 1000};

/// Sends a beginning, and then the same piece until the client hangs up.
Server::Talk endless(const std::string& begin, const std::string& piece,
                     std::chrono::milliseconds pause = 0ms) {
  return [=](int connection) {
    received(connection);
    send_text(connection, begin);
    while (send_text(connection, piece)) {
      std::this_thread::sleep_for(pause);
    }
  };
}

HttpAnswer ask(const Server& server, std::chrono::milliseconds longest) {
  return BoundedClient("127.0.0.1", server.port()).exchange(get, longest);
}

TEST(BoundedClient, ReturnsAWholeAnswer) {
  const Server server(AF_INET, [](int connection) {
    received(connection);
    send_text(connection,
              "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n" +
                  std::string(1000, 'x'));
  });
  const HttpAnswer answer = ask(server, 10s);
  EXPECT_EQ(answer.status, 404) << answer.error;
  EXPECT_EQ(answer.body, std::string(1000, 'x'));
  EXPECT_EQ(answer.content_type, "text/plain");
}

TEST(BoundedClient, RefusesHeadersWithoutEnd) {
  const Server server(AF_INET, endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"));
  const HttpAnswer answer = ask(server, 30s);
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.error, "the answer is too long");
}

TEST(BoundedClient, RefusesABodyWithoutEnd) {
  const Server server(AF_INET, endless("HTTP/1.1 200 OK\r\n\r\n", std::string(1000, 'x')));
  EXPECT_EQ(ask(server, 30s).error, "the answer is too long");
}

TEST(BoundedClient, RefusesChunksWithoutEnd) {
  const Server server(
      AF_INET, endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"));
  EXPECT_EQ(ask(server, 30s).error, "the answer is too long");
}

TEST(BoundedClient, IsNotHeldByHeadersThatTrickle) {
  const Server server(AF_INET, endless("HTTP/1.1 200 OK\r\n", "A: b\r\n", 20ms));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(server, 300ms).error, "the answer took too long");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST(BoundedClient, IsNotHeldByOneLineThatTrickles) {
  const Server server(AF_INET, endless("HTTP", "P", 20ms));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(server, 300ms).error, "the answer took too long");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

}  // namespace
}  // namespace charm::socket
