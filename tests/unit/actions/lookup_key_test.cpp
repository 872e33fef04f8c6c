// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/free_port.hpp"
#include "tests/unit/actions/action_unit.hpp"

#include <gtest/gtest.h>

namespace charm::actions {
namespace {

/// Gives the same answer to every lookup and remembers the last one.
class LookupKeyTest : public ::testing::Test {
 protected:
  LookupKeyTest() {
    unit.keyserver.Get("/pks/lookup",
                       [this](const httplib::Request& request, httplib::Response& response) {
                         query = request.params;
                         response.status = status;
                         response.set_content(body, "application/pgp-keys");
                       });
    unit.listen();
  }

  Results look_up(const std::string& keyword) {
    return unit.run("lookup-key", {{"keyword", keyword}});
  }

  std::string failure(const std::string& keyword) {
    Results shown;
    return failure_of([&] { return look_up(keyword); }, shown);
  }

  int status = 200;
  std::string body = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
  httplib::Params query;
  ActionUnit unit;
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
  unit.port = test::free_port();
  EXPECT_NE(failure("0x0123456789ABCDEF").find("the keyserver does not answer: "),
            std::string::npos);
}

TEST_F(LookupKeyTest, RefusesAnAnswerThatNoResultCanHold) {
  body = std::string(90'001, 'x');
  EXPECT_NE(failure("flooded").find("90001 bytes"), std::string::npos);
  body = std::string(2'000'000, 'x');
  EXPECT_EQ(failure("flooded"), "the keyserver does not answer: the answer is too long");
}

}  // namespace
}  // namespace charm::actions
