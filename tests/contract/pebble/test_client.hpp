// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace contract::pebble {

using Json = nlohmann::json;

/// What goes over the wire, byte for byte: the tests send requests no proper client would.
struct Exchange {
  std::string method = "GET";
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;
  /// Leave out the Host header.
  bool without_host = false;
};

struct Answer {
  int status = 0;
  /// By lower-case name.
  std::map<std::string, std::string> headers;
  std::string body;

  /// The body as JSON; null where it is none.
  Json json() const;
  /// The member "result" of the body.
  Json result() const;
  /// The message of an error.
  std::string message() const;
};

/// A connection to an agent, on its unix socket or on TCP ("127.0.0.1:PORT").
class TestClient {
 public:
  explicit TestClient(const std::string& address);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// Throws std::runtime_error where the connection ends before an answer.
  Answer send(const Exchange& exchange);

  /// Sends the request and gives the answer's body piece by piece until `take` returns false or
  /// `limit` is over.
  void follow(const Exchange& exchange, std::chrono::milliseconds limit,
              const std::function<bool(const std::string&)>& take);

  /// Bytes as they are, and all that comes back until the other side closes or falls silent.
  std::string send_raw(const std::string& bytes, std::chrono::milliseconds silence);

 private:
  void write(const std::string& bytes) const;
  void write(const Exchange& exchange) const;
  bool fill(std::chrono::milliseconds limit);
  std::string read_line();
  std::string read_bytes(std::size_t count);
  void read_head(Answer& answer);
  std::string read_body(const Exchange& exchange, const Answer& answer);

  int socket_ = -1;
  std::string buffer_;
};

/// A TCP port that nobody listens on right now.
int free_port();

}  // namespace contract::pebble
