// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/key_load.hpp"
#include "tests/unit/actions/key_actions_test.hpp"

namespace charm::actions {
namespace {

using postgres::KeyDatabase;

/// More keys than the action uploads: a service runs hockeypuck-load.
class LoadKeysByServiceTest : public KeyActionsTest {
 protected:
  LoadKeysByServiceTest() { write("/keys.pgp", certificates(1, 2100)); }

  Results load(int wait = 60) { return run("load-keys", {{"files", "/keys.pgp"}, {"wait", wait}}); }

  std::string refusal(const std::string& files = "/keys.pgp") {
    return failure("load-keys", {{"files", files}, {"wait", 60}});
  }

  [[nodiscard]] std::set<std::string> left_behind() const {
    std::set<std::string> paths;
    for (const auto& [path, file] : pebble.files) {
      if (path.starts_with(key_load::directory)) {
        paths.insert(path);
      }
    }
    return paths;
  }

  /// The container restarts; the files on the storage stay.
  void lose_container() {
    const auto files = pebble.files;
    pebble.restart_container();
    pebble.files = files;
  }
};

TEST_F(LoadKeysByServiceTest, LoadsAllAndLeavesNothingBehind) {
  const Results results = load();
  EXPECT_EQ(results.at("added"), "2100");
  EXPECT_EQ(results.at("refused"), "0");
  EXPECT_EQ(results.at("prefix-tree"), "rebuilt");
  EXPECT_EQ(stored_keys(), "2100");
  EXPECT_EQ(tree_rebuilds, std::vector<std::string>{"keys were loaded"});
  EXPECT_EQ(left_behind(), std::set<std::string>{});
  EXPECT_TRUE(uploads.empty());
}

/// A rebuild that began before the last key was stored lacks keys.
TEST_F(LoadKeysByServiceTest, RebuildsTheTreeAgainAfterARebuildThatWasUnderWay) {
  tree_rebuild = [this] {
    return prefix_tree::Outcome{.rebuilt = true, .under_way = tree_rebuilds.size() == 1};
  };
  EXPECT_EQ(load().at("prefix-tree"), "rebuilt");
  EXPECT_EQ(tree_rebuilds, (std::vector<std::string>{"keys were loaded", "keys were loaded"}));
  EXPECT_EQ(left_behind(), std::set<std::string>{});
}

TEST_F(LoadKeysByServiceTest, CallsTheTreeRebuiltOnlyAfterItsOwnRebuild) {
  tree_rebuild = [this] {
    const bool earlier = tree_rebuilds.size() == 1;
    return prefix_tree::Outcome{
        .rebuilt = earlier, .under_way = earlier, .status = earlier ? "" : "rebuilding, 7 min"};
  };
  EXPECT_EQ(load().at("prefix-tree"), "rebuilding, 7 min");
}

TEST_F(LoadKeysByServiceTest, GoesOnAfterARebuildThatTookTooLong) {
  tree_rebuild = [] {
    return prefix_tree::Outcome{.under_way = true, .status = "rebuilding: it was damaged"};
  };
  const Results early = load();
  EXPECT_TRUE(early.at("status").starts_with("under way: rebuilding: it was damaged"))
      << early.at("status");
  EXPECT_EQ(early.count("prefix-tree"), 0U);
  EXPECT_TRUE(left_behind().contains(std::string(key_load::job_path)));
  tree_rebuild = [] { return prefix_tree::Outcome{.rebuilt = true}; };
  const Results late = load();
  EXPECT_EQ(late.at("added"), "2100");
  EXPECT_EQ(late.at("prefix-tree"), "rebuilt");
  EXPECT_EQ(pebble.starts("key-load"), 1);
  EXPECT_EQ(left_behind(), std::set<std::string>{});
}

TEST_F(LoadKeysByServiceTest, LoadsALargeCleanFileWhereItIs) {
  write("/clean.pgp", certificates(1, 3600));
  meanwhile = [this] {
    EXPECT_EQ(loaded_paths(), std::vector<std::string>{"/clean.pgp"});
    load_to_the_end();
  };
  EXPECT_EQ(run("load-keys", {{"files", "/clean.pgp"}, {"wait", 60}}).at("added"), "3600");
  EXPECT_TRUE(pebble.files.contains("/clean.pgp"));
}

TEST_F(LoadKeysByServiceTest, OffersOnceMoreWhatWasNotStored) {
  KeyDatabase(target(), 5).block({fingerprint(7)}, "", "me");
  unwelcome = {fingerprint(8), fingerprint(9)};
  int runs = 0;
  meanwhile = [&] {
    ++runs;
    if (runs == 1) {
      // The state after hockeypuck-load gave up on a file.
      store(certificates(1, 1000));
      pebble.end("key-load", 0);
      // An operator blocks a key in the meantime.
      KeyDatabase(target(), 5).block({fingerprint(1500)}, "", "me");
    } else {
      EXPECT_EQ(loaded_paths().size(), 12U) << "1101 keys, a hundred in a file";
      load_to_the_end();
    }
  };
  const Results results = load();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(results.at("keys"), "2100");
  EXPECT_EQ(results.at("added"), "2096");
  EXPECT_EQ(results.at("blocked"), "2");
  EXPECT_EQ(results.at("refused"), "2");
  EXPECT_NE(results.at("notes").find(fingerprint(8)), std::string::npos);
  EXPECT_EQ(stored_keys(), "2096");
}

TEST_F(LoadKeysByServiceTest, MergesByTheKeyserverWhatIsStoredAlready) {
  store(certificates(1, 150));
  std::string other;
  for (int number = 1; number <= 150; ++number) {
    other += certificate(number, "b");
  }
  write("/keys.pgp", other + certificates(151, 2100));
  const Results results = load();
  EXPECT_EQ(results.at("already-stored"), "150");
  EXPECT_EQ(results.at("updated"), "150");
  EXPECT_EQ(results.at("added"), "1950");
  EXPECT_EQ(uploads, (std::vector<std::size_t>{100, 50}));
}

TEST_F(LoadKeysByServiceTest, WaitsForTheKeyserverToMerge) {
  store(certificates(1, 1));
  write("/keys.pgp", certificate(1, "b") + certificates(2, 2100));
  serving = false;
  EXPECT_NE(refusal().find("the keyserver does not serve"), std::string::npos);
  EXPECT_EQ(shown.at("added"), "2099");
  EXPECT_TRUE(tree_rebuilds.empty()) << "it would stop the keyserver";
  serving = true;
  const Results results = load();
  EXPECT_EQ(results.at("updated"), "1");
  EXPECT_EQ(results.at("added"), "2099");
  EXPECT_EQ(tree_rebuilds.size(), 1U);
  EXPECT_EQ(pebble.starts("key-load"), 1);
}

TEST_F(LoadKeysByServiceTest, LoadsFewKeysWhileTheKeyserverIsDown) {
  serving = false;
  write("/few.pgp", certificates(1, 5));
  EXPECT_EQ(run("load-keys", {{"files", "/few.pgp"}, {"wait", 60}}).at("added"), "5");
  EXPECT_EQ(tree_rebuilds.size(), 1U);
}

TEST_F(LoadKeysByServiceTest, GoesOnInTheBackgroundWhenTheTimeIsOver) {
  meanwhile = [] {};
  const Results early = load(0);
  EXPECT_TRUE(early.at("status").starts_with("under way: ")) << early.at("status");
  EXPECT_EQ(pebble.current("key-load"), "active");
  write("/other.pgp", certificates(1, 10));
  EXPECT_TRUE(refusal("/other.pgp").starts_with("another load is under way"))
      << "never two at the same time";

  load_to_the_end();
  const Results late = load();
  EXPECT_EQ(late.at("added"), "2100");
  EXPECT_EQ(pebble.starts("key-load"), 1) << "nothing is done twice";
  EXPECT_EQ(left_behind(), std::set<std::string>{});
}

TEST_F(LoadKeysByServiceTest, GoesOnAfterItsContainerWasLost) {
  write("/keys.pgp", certificates(1, 16000) + certificate(1, "b"));
  meanwhile = [] {};
  static_cast<void>(load(0));
  ASSERT_EQ(loaded_paths().size(), 2U);
  store(certificates(1, 15000));
  lose_container();
  meanwhile = [this] {
    EXPECT_EQ(loaded_paths().size(), 1U) << "the first file is done";
    load_to_the_end();
  };
  EXPECT_EQ(load().at("added"), "16000");
}

TEST_F(LoadKeysByServiceTest, GivesALoadUpThatIsNotGoneOnWith) {
  meanwhile = [] {};
  static_cast<void>(load(0));
  lose_container();
  meanwhile = [this] { load_to_the_end(); };
  write("/other.pgp", certificates(1, 10));
  EXPECT_EQ(run("load-keys", {{"files", "/other.pgp"}, {"wait", 60}}).at("added"), "10");
  EXPECT_EQ(left_behind(), std::set<std::string>{});
  EXPECT_EQ(load().at("added"), "2090");
}

/// Its keys are stored, but the prefix tree does not have them.
TEST_F(LoadKeysByServiceTest, RebuildsTheTreeForALoadThatWasNotFinished) {
  meanwhile = [] {};
  static_cast<void>(load(0));
  load_to_the_end();
  write("/bad.pgp", "nonsense");
  EXPECT_NE(refusal("/bad.pgp").find("nothing was loaded"), std::string::npos);
  write("/other.pgp", certificates(1, 10));
  const Results results = run("load-keys", {{"files", "/other.pgp"}, {"wait", 60}});
  EXPECT_EQ(results.at("added"), "0");
  EXPECT_EQ(results.at("prefix-tree"), "rebuilt");
  EXPECT_EQ(left_behind(), std::set<std::string>{});
  static_cast<void>(load());
  EXPECT_EQ(tree_rebuilds.size(), 1U);
}

TEST_F(LoadKeysByServiceTest, RebuildsTheTreeForALoadWhoseStartWasNotNoted) {
  meanwhile = [] {};
  static_cast<void>(load(0));
  std::string& job = pebble.files.at(std::string(key_load::job_path)).content;
  const std::string noted = "\"started\":true";
  ASSERT_NE(job.find(noted), std::string::npos) << job;
  job.replace(job.find(noted), noted.size(), "\"started\":false");
  load_to_the_end();
  write("/other.pgp", certificates(1, 10));
  EXPECT_EQ(run("load-keys", {{"files", "/other.pgp"}, {"wait", 60}}).at("prefix-tree"), "rebuilt");
}

TEST_F(LoadKeysByServiceTest, RebuildsTheTreeForALoadThatFailed) {
  meanwhile = [this] {
    store(certificates(1, 1000));
    pebble.end("key-load", 1);
  };
  EXPECT_NE(refusal().find("hockeypuck-load ended with an error"), std::string::npos);
  write("/other.pgp", certificates(1, 10));
  EXPECT_EQ(run("load-keys", {{"files", "/other.pgp"}, {"wait", 60}}).at("prefix-tree"), "rebuilt");
}

TEST_F(LoadKeysByServiceTest, BeginsAgainIfItsProgressIsDamaged) {
  for (const char* const damage : {"\"merged\":7", "\"merged\":1e300"}) {
    meanwhile = [] {};
    static_cast<void>(load(0));
    std::string& job = pebble.files.at(std::string(key_load::job_path)).content;
    job.replace(job.find("\"merged\":0"), 10, damage);
    lose_container();
    meanwhile = [this] { load_to_the_end(); };
    EXPECT_EQ(load().at("added"), "2100");
    sql("DELETE FROM keys");
  }
}

TEST_F(LoadKeysByServiceTest, SaysWhyHockeypuckLoadDied) {
  pebble.exits_quickly["key-load"] = {};
  pebble.logs = {{"", "key-load", "dial tcp 10.1.0.9:5432: connect: connection refused"},
                 {"", "key-load", "main.load"},
                 {"", "key-load", "\tmain.go:46"}};
  EXPECT_EQ(refusal(),
            "hockeypuck-load ended with an error: dial tcp 10.1.0.9:5432: connect: connection "
            "refused; run the action again to continue");
  pebble.exits_quickly.clear();
  EXPECT_EQ(load().at("added"), "2100");
}

TEST_F(LoadKeysByServiceTest, SaysWhyHockeypuckLoadCannotBeStarted) {
  pebble.not_in_image.insert("key-load");
  EXPECT_EQ(refusal(), "cannot start the load: cannot start service: fork/exec: no such file");
  EXPECT_EQ(shown.at("refused"), "0");
  pebble.not_in_image.clear();
  EXPECT_EQ(load().at("added"), "2100");
}

TEST_F(LoadKeysByServiceTest, LeavesNothingBehindWhenTheStorageIsFull) {
  for (const std::string name : {"fresh-0000.list", "job.json"}) {
    const std::string path = std::string(key_load::directory) + "/" + name;
    pebble.unwritable = {path};
    const std::string reason = refusal();
    EXPECT_TRUE(reason.starts_with("cannot write " + path)) << reason;
    EXPECT_EQ(left_behind(), std::set<std::string>{}) << name;
  }
  EXPECT_EQ(pebble.starts("key-load"), 0);
  pebble.unwritable.clear();
  EXPECT_EQ(load().at("added"), "2100");
}

TEST_F(LoadKeysByServiceTest, LeavesNothingBehindWhenAFileIsBad) {
  write("/bad.pgp", "nonsense");
  EXPECT_NE(refusal("/keys.pgp /bad.pgp").find("nothing was loaded"), std::string::npos);
  EXPECT_EQ(left_behind(), std::set<std::string>{});
  EXPECT_EQ(stored_keys(), "0");
}

}  // namespace
}  // namespace charm::actions
