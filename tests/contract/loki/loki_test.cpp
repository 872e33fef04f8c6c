// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The stand-in for Loki, as a process, with Pebble's pushes and Loki's answers.
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

/// A push of Pebble 1.32.1, recorded on the wire.
constexpr const char* recorded_push =
    R"({"streams":[{"stream":{"pebble_service":"s1","product":"p-s1","region":"eu"},"values":)"
    R"([["1795395076193000000","before target"],["1795395076512000000","hello s1"]]},)"
    R"({"stream":{"pebble_service":"s2","product":"p-s2","region":"eu"},"values":)"
    R"([["1795395076511000000","hello s2"]]}]})";

class Receiver : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(test::eventually([this] { return bool(client.Get("/ready")); }));
  }

  int push(const std::string& body, const char* type = "application/json; charset=utf-8") {
    const auto result = client.Post("/loki/api/v1/push", body, type);
    return result ? result->status : 0;
  }

  json query(const std::string& text) {
    const auto result =
        client.Get("/loki/api/v1/query_range?query=" + httplib::detail::encode_query_param(text));
    return result && result->status == 200 ? json::parse(result->body).at("data").at("result")
                                           : json();
  }

 private:
  int port_ = test::free_port();
  test::TemporaryDirectory directory_{"loki"};
  test::ChildProcess process_{{.arguments = {BUILD_DIR "/rehearsal/loki/rehearsal-loki",
                                             std::to_string(port_), directory_.path() / "files"}},
                              directory_.path() / "log"};

 protected:
  httplib::Client client{"127.0.0.1", port_};
};

TEST_F(Receiver, KeepsWhatPebblePushes) {
  EXPECT_EQ(push(recorded_push), 204);
  const json streams = query("{region=\"eu\"}");
  EXPECT_EQ(streams, json::parse(recorded_push).at("streams"));
  EXPECT_EQ(query("{pebble_service=~\"s[12]\"} |= \"hello\" != \"s2\"").size(), 1U);
  EXPECT_EQ(query("{region=\"us\"}"), json::array());
}

TEST_F(Receiver, DropsWhatItHasAlready) {
  EXPECT_EQ(push(recorded_push), 204);
  EXPECT_EQ(push(recorded_push), 204);
  EXPECT_EQ(query("{region=\"eu\"}"), json::parse(recorded_push).at("streams"));
}

TEST_F(Receiver, RefusesWhatLokiRefuses) {
  json many = json::object();
  for (int i = 0; i < 16; ++i) {
    many["label" + std::to_string(i)] = "x";
  }
  const auto stream = [](const json& labels, const json& values) {
    return json{{"streams", json::array({{{"stream", labels}, {"values", values}}})}}.dump();
  };
  const json value = json::array({"1", "line"});
  for (const std::string& body :
       {std::string("{"), std::string("[]"), stream(json::object(), json::array({value})),
        stream(many, json::array({value})), stream({{"a", "b"}}, json::array({{"x", "line"}})),
        stream({{"a", "b"}}, json::array({json::array({1, "line"})}))}) {
    EXPECT_EQ(push(body), 400) << body;
  }
  EXPECT_EQ(push("\x01\x02", "application/x-protobuf"), 415);
}

TEST_F(Receiver, AnswersWhatItIsToldAndKeepsNothing) {
  for (const int status : {500, 429, 400}) {
    ASSERT_EQ(client.Put("/rehearsal/answer", std::to_string(status), "text/plain")->status, 204);
    EXPECT_EQ(push(recorded_push), status);
  }
  EXPECT_EQ(query("{region=\"eu\"}"), json::array());
  ASSERT_EQ(client.Put("/rehearsal/answer", "204", "text/plain")->status, 204);
  EXPECT_EQ(push(recorded_push), 204);
  EXPECT_EQ(query("{region=\"eu\"}").size(), 2U);
}

}  // namespace
