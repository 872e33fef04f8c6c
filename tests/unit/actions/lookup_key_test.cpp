// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/lookup_key.hpp"

#include "charm/pebble/transport.hpp"
#include "tests/support/fake_juju.hpp"
#include "tests/support/free_port.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <thread>

namespace charm::actions {
namespace {

/// Answers every look-up alike and remembers the last one.
class LookupKeyTest : public ::testing::Test {
 protected:
  LookupKeyTest() {
    server_.Get("/pks/lookup",
                [this](const httplib::Request& request, httplib::Response& response) {
                  query = request.params;
                  response.status = status;
                  response.set_content(body, "application/pgp-keys");
                });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {  // Before that, stop() would be lost.
      std::this_thread::yield();
    }
  }

  ~LookupKeyTest() override {
    server_.stop();
    thread_.join();
  }

  Results look_up(const std::string& keyword) { return look_up(keyword, port_); }

  static Results look_up(const std::string& keyword, int port) {
    const Parameters parameters(nlohmann::json{{"keyword", keyword}}.dump());
    test::FakeJuju juju;
    const juju::HookTools tools(juju);
    pebble::UnixSocketTransport nowhere("/nonexistent");
    const pebble::Client pebble(nowhere);
    return LookupKey().run({.parameters = parameters,
                            .unit = "hockeypuck-k8s/0",
                            .juju = tools,
                            .pebble = pebble,
                            .keyserver = keyserver::Client(port, std::chrono::seconds(5)),
                            .open_database = {},
                            .admin_key = {},
                            .admin_keys = {},
                            .rotate_admin_key = {},
                            .admin_fingerprints = {}});
  }

  std::string failure(const std::string& keyword) {
    try {
      static_cast<void>(look_up(keyword));
    } catch (const Failure& failure) {
      return failure.what();
    }
    return "it did not fail";
  }

  int status = 200;
  std::string body = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
  httplib::Params query;

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(LookupKeyTest, GivesTheKeyAsTheKeyserverHasIt) {
  EXPECT_EQ(look_up("0x0123456789ABCDEF"), (Results{{"result", body}}));
  EXPECT_EQ(query, (httplib::Params{{"op", "get"}, {"search", "0x0123456789ABCDEF"}}));
}

TEST_F(LookupKeyTest, PutsTheMissingPrefixBeforeANumber) {
  static_cast<void>(look_up(" 736878501CB48D4B6EA5A98AE9D8F50DC853941B\n"));
  EXPECT_EQ(query.find("search")->second, "0x736878501CB48D4B6EA5A98AE9D8F50DC853941B");
  static_cast<void>(look_up("deadbeef"));
  EXPECT_EQ(query.find("search")->second, "deadbeef");
}

TEST_F(LookupKeyTest, AsksForExactlyWhatWasTyped) {
  for (const std::string keyword :
       {"a b&op=index", "a+b@example.com", "100% #1?", "Zoë <zoë@example.com>"}) {
    static_cast<void>(look_up(keyword));
    EXPECT_EQ(query, (httplib::Params{{"op", "get"}, {"search", keyword}}));
  }
}

TEST_F(LookupKeyTest, FailsInWordsThatPeopleKnow) {
  status = 404;
  EXPECT_EQ(failure("0xRANDOMKEY"), "Not Found: the keyserver has no key for \"0xRANDOMKEY\"");
  status = 500;
  EXPECT_EQ(failure("0xRANDOMKEY"),
            "the keyserver answers with HTTP status 500, see juju debug-log");
  EXPECT_NE(failure(" \n").find("the parameter keyword is empty"), std::string::npos);
}

TEST_F(LookupKeyTest, FailsWhileNothingListens) {
  EXPECT_THROW(static_cast<void>(look_up("0x0123456789ABCDEF", test::free_port())), Failure);
}

TEST_F(LookupKeyTest, RefusesAnAnswerThatNoResultCanHold) {
  body = std::string(90'001, 'x');
  EXPECT_NE(failure("flooded").find("90001 bytes"), std::string::npos);
  body = std::string(2'000'000, 'x');
  EXPECT_EQ(failure("flooded"), "the keyserver does not answer: the answer is too long");
}

}  // namespace
}  // namespace charm::actions
