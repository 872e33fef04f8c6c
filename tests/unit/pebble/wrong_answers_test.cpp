// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

namespace charm::pebble {
namespace {

/// Gives the same answer to everything.
class Broken final : public Transport {
 public:
  explicit Broken(Response answer) : answer_(std::move(answer)) {}

  Response send(const Request& /*request*/, std::chrono::milliseconds /*timeout*/) override {
    return answer_;
  }

 private:
  Response answer_;
};

const std::vector<std::pair<std::string, std::function<void(const Client&)>>>& calls() {
  static const std::vector<std::pair<std::string, std::function<void(const Client&)>>> list = {
      {"version", [](const Client& c) { static_cast<void>(c.version()); }},
      {"healthy", [](const Client& c) { static_cast<void>(c.healthy("alive")); }},
      {"plan", [](const Client& c) { static_cast<void>(c.plan()); }},
      {"services", [](const Client& c) { static_cast<void>(c.services()); }},
      {"checks", [](const Client& c) { static_cast<void>(c.checks()); }},
      {"replan", [](const Client& c) { c.replan(); }},
      {"read", [](const Client& c) { static_cast<void>(c.read({"/a"})); }},
      {"write", [](const Client& c) { c.write({{.path = "/a"}}); }},
      {"remove", [](const Client& c) { c.remove({"/a"}, false); }},
      {"logs", [](const Client& c) { static_cast<void>(c.logs({}, 1)); }},
  };
  return list;
}

TEST(WrongAnswers, AreApiErrorsAndNeverQuoted) {
  const std::string multipart = "multipart/form-data; boundary=b";
  const std::vector<Response> table = {
      {.status = 200, .body = "hunter2", .content_type = "text/plain"},
      {.status = 200, .body = "[\"hunter2\"]", .content_type = "application/json"},
      {.status = 200, .body = "{\"hunter2\":1}", .content_type = "application/json"},
      {.status = 200,
       .body = R"({"type":"sync","result":[1,{"hunter2":[]}]})",
       .content_type = "application/json"},
      {.status = 202,
       .body = R"({"type":"async","change":{"hunter2":1},"result":7})",
       .content_type = "application/json"},
      {.status = 200, .body = "--b\r\nhunter2", .content_type = multipart},
      {.status = 200, .body = "--b\r\n\r\nhunter2\r\n--b--\r\n", .content_type = multipart},
      {.status = 404,
       .body = R"({"type":"error","result":{"kind":7,"message":[]}})",
       .content_type = "application/json"},
  };
  for (const Response& answer : table) {
    Broken transport(answer);
    const Client client(transport);
    for (const auto& [name, call] : calls()) {
      try {
        call(client);
        ADD_FAILURE() << name << " took " << answer.body;
      } catch (const ApiError& error) {
        EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(WrongAnswers, KeepTheStatusAndTheKindOfARefusal) {
  Broken transport({.status = 401,
                    .body = R"({"type":"error","status-code":401,"status":"Unauthorized",)"
                            R"("result":{"message":"access denied","kind":"login-required"}})",
                    .content_type = "application/json"});
  try {
    static_cast<void>(Client(transport).plan());
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 401);
    EXPECT_EQ(error.kind(), "login-required");
    EXPECT_STREQ(error.what(), "Pebble refused GET /v1/plan?format=yaml (HTTP 401): access denied");
  }
}

TEST(WrongAnswers, ShowThePlainTextOfGosHttpServer) {
  Broken transport({.status = 400,
                    .body = "400 Bad Request: malformed Host header\n",
                    .content_type = "text/plain; charset=utf-8"});
  try {
    static_cast<void>(Client(transport).version());
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 400);
    EXPECT_NE(std::string(error.what()).find("malformed Host header"), std::string::npos);
  }
}

}  // namespace
}  // namespace charm::pebble
