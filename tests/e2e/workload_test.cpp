// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace test {
namespace workload_test {

class Workload : public RehearsalTest {
 protected:
  long count_of(const std::string& event) {
    const auto hooks = model.hooks();
    return std::count_if(hooks.begin(), hooks.end(),
                         [&event](const Hook& hook) { return hook.event == event; });
  }

  void occupy_port() {
    model.workload_output(
        "curl --silent --unix-socket /charm/container/pebble.socket http://localhost/v1/services "
        "--data '{\"action\":\"stop\",\"services\":[\"hockeypuck\"]}'; "
        "while pgrep -f '^/hockeypuck/bin/hockeypuck '; do sleep 0.1; done; "
        "setsid perl -MIO::Socket::INET -e "
        "'$s = IO::Socket::INET->new(LocalPort => 11371, Listen => 5, ReuseAddr => 1); sleep 300' "
        "</dev/null >/dev/null 2>&1 & echo $! > /tmp/occupier; "
        "until ss --listening --tcp --numeric | grep --quiet :11371; do sleep 0.1; done");
  }

  void free_port() { model.workload_output("kill $(cat /tmp/occupier)"); }

  /// Works like `pebble add operator`.
  void add_layer(const std::string& layer) {
    const nlohmann::json request = {
        {"action", "add"}, {"label", "operator"}, {"format", "yaml"}, {"layer", layer}};
    model.workload_output(
        "curl --silent --fail --unix-socket /charm/container/pebble.socket "
        "http://localhost/v1/layers --data '" +
        request.dump() + "'");
  }
};

TEST_F(Workload, ACrashLoopIsToldWithItsReasonAndLeftToPebble) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  occupy_port();
  const int before = starts();
  // On a busy machine the keyserver is still on its way to the port when the first hook ends.
  ASSERT_TRUE(eventually([&] {
    model.update_status();
    return model.status().word == "blocked";
  })) << model.status().message;
  EXPECT_EQ(model.status().message.rfind("hockeypuck does not start, see juju debug-log: ", 0), 0U);
  EXPECT_NE(model.status().message.find("bind: address already"), std::string::npos)
      << model.status().message;
  EXPECT_EQ(starts(), before + 1);
  model.update_status();
  model.update_status();
  EXPECT_EQ(model.status().word, "blocked");
  EXPECT_EQ(starts(), before + 1);

  free_port();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(look_up(alice), 200);
}

TEST_F(Workload, AServiceThatALayerAboveOursChangesIsRestartedOnceAndKept) {
  model.deploy_all();
  const std::string before = plan();
  const int starts_before = starts();
  add_layer("services: {hockeypuck: {override: replace, command: sleep 60}}");
  ASSERT_NE(plan(), before);
  model.update_status();
  EXPECT_EQ(plan(), before);
  EXPECT_EQ(starts(), starts_before + 1);
  expect_serving();
  expect_settled();
}

TEST_F(Workload, ARestartedContainerIsFilledAgainAtOnePebbleReady) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  const long before = count_of("hockeypuck-pebble-ready");
  model.rehearse({"restart-container", hockeypuck_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(count_of("hockeypuck-pebble-ready"), before + 1);
  EXPECT_EQ(look_up(alice), 200);

  const std::string settled = workload_fingerprint();
  model.rehearse({"restart-agent", hockeypuck_unit});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(workload_fingerprint(), settled);
}

TEST_F(Workload, ARescheduledPodServesAgainFromTheSameStorage) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  model.workload_output("echo kept > /hockeypuck/data/marker");
  for (const char* how : {"", "--no-stop"}) {
    std::vector<std::string> arguments = {"delete-pod", hockeypuck_unit};
    if (*how != '\0') {
      arguments.emplace_back(how);
    }
    model.rehearse(arguments);
    ASSERT_TRUE(model.becomes("active")) << how;
    EXPECT_EQ(look_up(alice), 200) << how;
    EXPECT_EQ(model.workload_output("cat /hockeypuck/data/marker"), "kept") << how;
  }
  expect_settled();
}

}  // namespace workload_test
}  // namespace test
