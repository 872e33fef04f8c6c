// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>

namespace test {
namespace prefix_tree_test {

using Json = nlohmann::json;

constexpr const char* other_unit = "hockeypuck-k8s/1";
constexpr const char* record = "/hockeypuck/data/prefix-tree/record.json";
constexpr const char* rebuild = "/hockeypuck/data/prefix-tree/rebuild.json";
constexpr const char* tree = "/hockeypuck/data/prefix-tree/ptree";

/// Keys that are not in the prefix tree, as on a unit that does not reconcile.
constexpr const char* made_up_keys =
    "insert into keys (rfingerprint, doc, ctime, mtime, md5, idxtime, vfingerprint) "
    "select md5('f' || i) || left(md5('g' || i), 8), '{}', now(), now(), md5('d' || i), now(), "
    "'04' || i from generate_series(1, 150) i";

class PrefixTree : public RehearsalTest {
 protected:
  Task run_action(const std::string& unit, const std::vector<std::string>& parameters = {}) {
    return model.act("rebuild-prefix-tree", parameters, unit);
  }

  long keys() { return std::stol(model.keys_sql("select count(*) from keys")); }

  /// The digests in the tree at the keyserver's last gossip; -1 without an answer.
  long digests(const std::string& unit = hockeypuck_unit) {
    const Json page =
        Json::parse(http_body("/pks/lookup?op=stats&options=json", unit), nullptr, false);
    for (const char* name : {"Total", "total"}) {
      if (page.is_object() && page.contains(name)) {
        return page.at(name);
      }
    }
    return -1;
  }

  /// Deploys with three keys and the charm's key in the database.
  void deploy_with_keys() {
    model.deploy_all();
    for (const char* key : {"alice", "carol_signed_by_dave"}) {
      ASSERT_TRUE(upload(key));
    }
  }

  void expect_serves_whole_tree(const std::string& unit) {
    EXPECT_EQ(model.status(unit), active);
    EXPECT_EQ(digests(unit), keys());
    EXPECT_FALSE(exists(rebuild, unit));
  }

  void expect_whole_tree(const std::string& unit = hockeypuck_unit) {
    expect_serves_whole_tree(unit);
    EXPECT_EQ(look_up(alice, unit), 200);
  }

  bool exists(const std::string& path, const std::string& unit = hockeypuck_unit) {
    return model.in_workload({"test", "-e", path}, unit).status == 0;
  }

  std::string build_state(const std::string& unit = hockeypuck_unit) {
    const Json answer = Json::parse(
        model.workload_output("curl --silent --unix-socket /charm/container/pebble.socket "
                              "'http://localhost/v1/services?names=prefix-tree-build'",
                              unit));
    return answer.at("result").empty() ? "" : answer.at("result").at(0).at("current");
  }

  /// Makes builds in this container wait before they begin.
  void hold_builds(const std::string& unit = hockeypuck_unit) {
    model.workload_output(
        "cp /hockeypuck/bin/hockeypuck-pbuild /tmp/pbuild && "
        "printf '#!/bin/sh\\nwhile [ ! -e /tmp/go ]; do sleep 0.1; done\\nexec /tmp/pbuild "
        "\"$@\"\\n' "
        "> /tmp/held && chmod 755 /tmp/held /tmp/pbuild && "
        "mount --bind /tmp/held /hockeypuck/bin/hockeypuck-pbuild",
        unit);
  }

  void release_builds(const std::string& unit = hockeypuck_unit) {
    model.workload_output("touch /tmp/go", unit);
    EXPECT_TRUE(eventually([&] { return build_state(unit) != "active"; }));
  }

  /// Changes the record so that this was long ago.
  void let_time_pass_for(const std::string& member) {
    model.workload_output("sed -i 's/\"" + member + "\":[0-9]*/\"" + member + "\":1/' " + record);
  }

  /// The next hook that has something to do for the tree works on it for a few seconds.
  void remove_tree_and_stop() {
    model.workload_output(
        "curl --silent --unix-socket /charm/container/pebble.socket http://localhost/v1/services "
        "--data '{\"action\":\"stop\",\"services\":[\"hockeypuck\"]}'; "
        "while pgrep -f '^/hockeypuck/bin/hockeypuck '; do sleep 0.1; done; "
        "rm -rf /hockeypuck/data/prefix-tree/ptree");
  }
};

TEST_F(PrefixTree, ThatIsMissingIsRebuiltBeforeTheKeyserverStarts) {
  deploy_with_keys();
  remove_tree_and_stop();
  model.update_status();
  expect_whole_tree();
  EXPECT_EQ(build_state(), "inactive");
  expect_settled();
}

TEST_F(PrefixTree, ThatIsDamagedIsRebuilt) {
  deploy_with_keys();
  ASSERT_TRUE(eventually([&] { return exists(std::string(tree) + "/CURRENT"); }));
  model.workload_output(
      "echo garbage > /hockeypuck/data/prefix-tree/ptree/CURRENT; "
      "pkill -KILL -f '^/hockeypuck/bin/hockeypuck '");
  ASSERT_TRUE(eventually([&] { return process_id().empty(); }));
  model.update_status();
  // Pebble may not have tried to start it again before that hook.
  ASSERT_TRUE(model.becomes("active"));
  expect_whole_tree();
}

TEST_F(PrefixTree, ThatIsDamagedIsRebuiltOnAUnitThatDoesNotLead) {
  deploy_with_keys();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  model.workload_output(
      "echo garbage > /hockeypuck/data/prefix-tree/ptree/CURRENT; "
      "pkill -KILL -f '^/hockeypuck/bin/hockeypuck '",
      other_unit);
  ASSERT_TRUE(eventually([&] { return process_id(other_unit).empty(); }));
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  expect_whole_tree(other_unit);
}

TEST_F(PrefixTree, ThatIsFarFromTheDatabaseIsRebuiltOnceADayAndThenTold) {
  deploy_with_keys();
  const auto look_twice = [&] {
    let_time_pass_for("compared");
    model.update_status();
    let_time_pass_for("compared");
    let_time_pass_for("differs-since");
    model.update_status();
  };
  model.keys_sql(made_up_keys);
  let_time_pass_for("compared");
  model.update_status();
  EXPECT_EQ(model.status(), active) << "once is not enough";
  EXPECT_EQ(build_state(), "");
  look_twice();
  expect_whole_tree();
  EXPECT_GT(digests(), 150);

  model.keys_sql("delete from keys where doc = '{}'");
  look_twice();
  EXPECT_EQ(model.status().word, "active");
  EXPECT_NE(model.status().message.find("run rebuild-prefix-tree"), std::string::npos)
      << model.status().message;

  let_time_pass_for("rebuilt");
  let_time_pass_for("compared");
  model.update_status();
  expect_whole_tree();
}

TEST_F(PrefixTree, IsRebuiltByHandOnEachUnit) {
  deploy_with_keys();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  model.keys_sql(made_up_keys);
  for (const char* unit : {hockeypuck_unit, other_unit}) {
    const Task task = run_action(unit);
    ASSERT_FALSE(task.failed) << task.message;
    EXPECT_EQ(task.result("state"), "rebuilt");
    EXPECT_EQ(task.result("keys"), std::to_string(keys()));
    EXPECT_EQ(task.result("reason"), "an action asked for it");
    expect_whole_tree(unit);
  }
}

TEST_F(PrefixTree, HoldsOnEachUnitTheChangesOfAllUnits) {
  const std::vector<std::string> units = {hockeypuck_unit, other_unit, "hockeypuck-k8s/2"};
  const auto come_to_agree = [&] {
    return eventually([&] {
      return std::ranges::all_of(units,
                                 [&](const std::string& unit) { return digests(unit) == keys(); });
    });
  };
  model.deploy_all();
  model.config({"recon-interval=5"});
  ASSERT_TRUE(upload("alice"));
  model.rehearse({"scale", "hockeypuck-k8s", "3"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_TRUE(come_to_agree()) << "a new unit builds its tree";

  const std::string key = TEST_DATA_DIR "/e2e/carol_signed_by_dave.asc";
  ASSERT_EQ(post("/pks/add", {"keytext@" + key}, units[2]), 200);
  ASSERT_EQ(keys(), 3);
  EXPECT_TRUE(come_to_agree()) << "an upload to one unit";
  const Task task =
      model.act("block-keys", {std::string("fingerprints=") + alice}, "hockeypuck-k8s/leader");
  ASSERT_EQ(task.result("deleted"), "1") << task.message;
  ASSERT_EQ(keys(), 2);
  EXPECT_TRUE(come_to_agree()) << "a deletion";

  model.rehearse({"leadership", other_unit});
  model.update_status();
  for (const std::string& unit : units) {
    expect_serves_whole_tree(unit);
  }
  const Json peers = Json::parse(model.act("show-peers", {}, other_unit).result("json"));
  std::set<std::string> shown;
  for (const Json& peer : peers.at("peers")) {
    EXPECT_EQ(peer.at("role"), "unit");
    EXPECT_EQ(peer.at("verdict"), "ok") << peer;
    shown.insert(peer.at("name"));
  }
  EXPECT_EQ(shown, (std::set<std::string>{"unit0", "unit2"}));
}

TEST_F(PrefixTree, IsNotRebuiltTwiceByASecondAction) {
  deploy_with_keys();
  hold_builds();
  const Task first = run_action(hockeypuck_unit, {"wait=0"});
  ASSERT_FALSE(first.failed) << first.message;
  EXPECT_EQ(first.result("state"), "rebuilding");
  EXPECT_EQ(process_id(), "");
  const Task second = run_action(hockeypuck_unit, {"wait=0"});
  ASSERT_FALSE(second.failed) << second.message;
  EXPECT_EQ(second.result("state"), "rebuilding");
  EXPECT_NE(second.result("note"), "");
  EXPECT_EQ(model.status().word, "maintenance");
  EXPECT_TRUE(model.status().message.ends_with(": an action asked for it"))
      << model.status().message;
  model.update_status();
  EXPECT_EQ(model.status().word, "maintenance");
  EXPECT_EQ(process_id(), "");
  release_builds();
  model.update_status();
  expect_whole_tree();
}

TEST_F(PrefixTree, IsRebuiltToTheEndThoughTheHookIsKilled) {
  expect_killed("update-status");
  deploy_with_keys();
  hold_builds();
  remove_tree_and_stop();
  const auto advance = model.beside({"advance", "5m"});
  ASSERT_TRUE(eventually(
      [&] { return model.on_storage("rebuild.json").find("building") != std::string::npos; }));
  model.wait_for_dispatch("JUJU_DISPATCH_PATH=hooks/update-status").kill();
  ASSERT_TRUE(advance->wait(std::chrono::seconds(60)));
  EXPECT_TRUE(exists(rebuild));
  EXPECT_EQ(process_id(), "");
  release_builds();
  model.update_status();
  expect_whole_tree();
}

TEST_F(PrefixTree, IsRebuiltFromTheBeginningAfterTheContainerWasRestarted) {
  deploy_with_keys();
  hold_builds();
  ASSERT_FALSE(run_action(hockeypuck_unit, {"wait=0"}).failed);
  model.rehearse({"restart-container", hockeypuck_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  expect_whole_tree();
}

TEST_F(PrefixTree, IsWholeOnTheNewLeader) {
  deploy_with_keys();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  model.rehearse({"leadership", other_unit});
  model.update_status();
  expect_whole_tree(other_unit);
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(look_up(alice), 200);

  model.rehearse({"leadership", hockeypuck_unit});
  model.update_status();
  expect_whole_tree();
  EXPECT_EQ(model.status(other_unit), active);
}

TEST_F(PrefixTree, HalfBuiltIsFinishedThoughLeadershipMoves) {
  deploy_with_keys();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  hold_builds();
  ASSERT_FALSE(run_action(hockeypuck_unit, {"wait=0"}).failed);
  model.rehearse({"leadership", other_unit});
  model.update_status();
  EXPECT_EQ(model.status().word, "maintenance");
  expect_whole_tree(other_unit);
  release_builds();
  model.update_status();
  expect_whole_tree();
}

TEST_F(PrefixTree, IsNotOfUseForAnotherDatabase) {
  deploy_with_keys();
  model.rehearse({"remove-relation", "hockeypuck-k8s", "postgresql-k8s"});
  model.config({"database-name=other"});
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_LE(digests(), 1) << "the charm's own key at most";
}

}  // namespace prefix_tree_test
}  // namespace test
