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

/// The bytes to send. The tests send requests that no correct client would send.
struct Exchange {
  std::string method = "GET";
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;
  /// Omit the Host header.
  bool without_host = false;
};

struct Answer {
  int status = 0;
  /// By lower-case name.
  std::map<std::string, std::string> headers;
  std::string body;

  /// The body as JSON; null if it is not JSON.
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

  /// Throws std::runtime_error if the connection ends before an answer.
  Answer send(const Exchange& exchange);

  /// Sends the request and passes the answer's body on in pieces, until `take` returns false or
  /// `limit` is over.
  void follow(const Exchange& exchange, std::chrono::milliseconds limit,
              const std::function<bool(const std::string&)>& take);

  /// Sends bytes unchanged. Returns everything that arrives until the other side closes or stays
  /// silent.
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

/// A TCP port on which no program listens at the moment.
int free_port();

}  // namespace contract::pebble
