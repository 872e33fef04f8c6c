// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

namespace contract {
namespace {

/// Filling the prefix tree from the database: hockeypuck-pbuild and what stands in for it.
class TreeBuild : public KeyserverTest {
 protected:
  /// Three keys in the database, the keyserver stopped.
  void store_keys() {
    keyserver().start();
    add("key01_ed25519");
    add("key02_ed25519_multiuid");
    add("key11_rsa2048");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  }

  test::CommandResult build(const std::vector<std::string>& arguments = {}) {
    return keyserver().run_tool("pbuild", arguments);
  }

  std::int64_t total() {
    keyserver().start();
    const std::int64_t total = keyserver().total();
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    return total;
  }
};

FOR_EVERY_KEYSERVER(TreeBuild);

TEST_P(TreeBuild, FillsATreeThatWasLost) {
  store_keys();
  std::filesystem::remove_all(keyserver().tree());
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, TellsOfNoProgressButOfWhatItDoesNotUnderstand) {
  store_keys();
  std::filesystem::remove_all(keyserver().tree());
  const std::string log = build().error;
  EXPECT_NE(log.find("level=error msg=\"notify failed: KeyChange event type not supported\"\n"),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("level=info msg=\"recon peer: stopped\" label="), std::string::npos) << log;
  EXPECT_EQ(log.find("keys added"), std::string::npos) << log;
}

TEST_P(TreeBuild, AddsWhatIsMissingAndWarnsOfTheOthers) {
  store_keys();
  EXPECT_EQ(build().status, 0);
  const std::string log = build().error;
  EXPECT_NE(log.find("into prefix tree: attempt to insert duplicate element"), std::string::npos)
      << log;
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, TakesNothingOut) {
  store_keys();
  sql("TRUNCATE keys, subkeys, userids");
  EXPECT_EQ(build().status, 0);
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, MakesTheTablesOfAnEmptyDatabase) {
  EXPECT_EQ(build().status, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "0");
  EXPECT_EQ(total(), 0);
}

TEST_P(TreeBuild, IsRefusedWhileTheServerRuns) {
  keyserver().start();
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.error.starts_with("resource temporarily unavailable\n")) << result.error;
}

TEST_P(TreeBuild, FailsWithoutTheDatabase) {
  cluster().stop();
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.error.find("onnection refused"), std::string::npos) << result.error;
  EXPECT_FALSE(std::filesystem::exists(keyserver().tree()));
}

TEST_P(TreeBuild, TakesTheOptionsOfTheServerAndIgnoresOtherArguments) {
  EXPECT_EQ(build({"-log", "fatal", "stray"}).error, "");
  EXPECT_EQ(build({"-nonsense"}).status, 2);
  EXPECT_EQ(build({"-config", "/nowhere/hockeypuck.conf"}).status, 1);
}

}  // namespace
}  // namespace contract
