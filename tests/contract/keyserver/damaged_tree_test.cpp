// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace contract {
namespace {

namespace fs = std::filesystem;

/// What becomes of a server whose tree was damaged. Before, it holds two keys in a table and one in
/// the log.
class DamagedTree : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    keyserver().settings.sections["conflux.recon"]["gossipIntervalSecs"] = "600";
    keyserver().start();
    add("key01_ed25519");
    add("key02_ed25519_multiuid");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    keyserver().start();
    add("key11_rsa2048");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    fs::copy(keyserver().tree(), good());
  }

  fs::path good() { return keyserver().folder() / "good"; }

  /// The only file of the tree with such a name.
  fs::path file(const std::string& start, const std::string& end) {
    for (const auto& entry : fs::directory_iterator(keyserver().tree())) {
      const std::string name = entry.path().filename();
      if (name.starts_with(start) && name.ends_with(end)) {
        return entry.path();
      }
    }
    ADD_FAILURE() << "no " << start << "*" << end;
    return {};
  }

  static void overwrite(const fs::path& path, const std::string& text) {
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary) << text;
  }

  void restore() {
    fs::remove_all(keyserver().tree());
    fs::copy(good(), keyserver().tree());
  }

  /// The server ends with these words; so does the tool that would fill the tree.
  void expect_refusal(const std::string& words) {
    const std::size_t before = keyserver().log().size();
    EXPECT_EQ(keyserver().exit_code_of_start(), 1);
    const std::string log = keyserver().log().substr(before);
    EXPECT_TRUE(log.starts_with(words)) << log;
    const test::CommandResult build = keyserver().run_tool("pbuild");
    EXPECT_EQ(build.status, 1);
    EXPECT_TRUE(build.error.starts_with(words)) << build.error;
    restore();
  }

  void expect_total(int total) {
    keyserver().start();
    EXPECT_EQ(keyserver().total(), total);
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    restore();
  }
};

FOR_EVERY_KEYSERVER(DamagedTree);

TEST_P(DamagedTree, StopsTheServerWithoutItsEntryPoint) {
  const std::string words = "database entry point either missing or corrupted\n";
  fs::remove(keyserver().tree() / "CURRENT");
  expect_refusal(words);
  fs::remove(file("MANIFEST-", ""));
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenItsEntryPointCannotBeRead) {
  const fs::path current = keyserver().tree() / "CURRENT";
  const std::string words = "leveldb/storage: corrupted or incomplete CURRENT file\n";
  std::ofstream(current).flush();
  expect_refusal(words);
  std::ofstream(current) << "rubbish\n";
  expect_refusal(words);
  fs::resize_file(current, fs::file_size(current) - 1);
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenItsManifestCannotBeRead) {
  const std::string words = "leveldb: manifest corrupted (field 'comparer'): missing [file=";
  fs::resize_file(file("MANIFEST-", ""), 0);
  expect_refusal(words);
  overwrite(file("MANIFEST-", ""), std::string(20, 'x'));
  expect_refusal(words);
  fs::resize_file(file("MANIFEST-", ""), fs::file_size(file("MANIFEST-", "")) / 2);
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenATableCannotBeRead) {
  const std::string words = "leveldb/table: corruption on ";
  fs::resize_file(file("", ".ldb"), 0);
  expect_refusal(words + "table-footer");
  fs::resize_file(file("", ".ldb"), fs::file_size(file("", ".ldb")) / 2);
  expect_refusal(words + "table-footer");
  overwrite(file("", ".ldb"), std::string(20, 'x'));
  expect_refusal(words + "data-block");
}

TEST_P(DamagedTree, StopsTheServerWithoutItsTable) {
  fs::remove(file("", ".ldb"));
  expect_refusal("file missing\n");
}

TEST_P(DamagedTree, StopsTheServerWhenItIsNoFolder) {
  fs::remove_all(keyserver().tree());
  std::ofstream(keyserver().tree()) << "a file\n";
  expect_refusal("leveldb/storage: open " + keyserver().tree().string() + ": not a directory");
}

TEST_P(DamagedTree, LosesWhatWasInItsLogInSilence) {
  fs::remove(file("", ".log"));
  expect_total(2);
  overwrite(file("", ".log"), std::string(20, 'x'));
  expect_total(2);
}

TEST_P(DamagedTree, DoesWithoutFilesThatHoldNothing) {
  fs::remove(keyserver().tree() / "LOCK");
  fs::remove(keyserver().tree() / "LOG");
  std::ofstream(keyserver().tree() / "CURRENT.bak") << "rubbish";
  std::ofstream(file("", ".ldb"), std::ios::app) << "rubbish";
  expect_total(3);
}

TEST_P(DamagedTree, IsEmptyWhenAllOfItIsLost) {
  for (const auto& entry : fs::directory_iterator(keyserver().tree())) {
    fs::remove(entry.path());
  }
  expect_total(0);
}

}  // namespace
}  // namespace contract
