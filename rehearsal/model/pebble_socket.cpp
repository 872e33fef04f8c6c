// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/pebble_socket.hpp"

#include "rehearsal/model/wire.hpp"

#include <nlohmann/json.hpp>

#include <array>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace rehearsal {
namespace {

/// The whole answer, head and body; empty when there is none.
std::string talk(int connection, const std::string& request) {
  const timeval limit{.tv_sec = 2, .tv_usec = 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::send(connection, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return {};
  }
  std::string answer;
  std::array<char, 4096> buffer{};
  ssize_t size = 0;
  while ((size = recv(connection, buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return size == 0 ? answer : std::string();
}

}  // namespace

nlohmann::json ask_pebble(const std::filesystem::path& socket, const std::string& target) {
  const int connection = wire::connect_to(socket);
  if (connection < 0) {
    return nullptr;
  }
  // HTTP/1.0: the body is neither chunked nor kept open.
  const std::string answer =
      talk(connection, "GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
  close(connection);
  const std::size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos) {
    return nullptr;
  }
  const auto json = nlohmann::json::parse(answer.substr(body + 4), nullptr, false);
  const bool good = json.is_object() && json.value("type", "") == "sync";
  return good ? json.value("result", nlohmann::json()) : nlohmann::json();
}

}  // namespace rehearsal
