// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The model on real pods: its view of Pebble, and which parts of a pod outlive which events.

#include "tests/contract/hook_tools/rehearse_command.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include <unistd.h>

namespace rehearsal::test {
namespace {

using Names = std::vector<std::string>;

/// `ask METHOD PATH BODY` speaks to the container's Pebble.
constexpr const char* script = R"sh(
ask() {
  perl -MIO::Socket::UNIX -e '
    my ($method, $path, $body) = @ARGV;
    my $s = IO::Socket::UNIX->new(Peer => "/charm/containers/web/pebble.socket") or die $!;
    printf $s "%s %s HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
      $method, $path, length($body), $body;
    print while <$s>;' "$@"
}
data=$(echo /var/lib/juju/storage/data/*)
echo "$JUJU_DISPATCH_PATH $JUJU_NOTICE_KEY$JUJU_PEBBLE_CHECK_NAME" >> "$data/events"
case $JUJU_DISPATCH_PATH in
  actions/notify) ask POST /v1/notices '{"action":"add","type":"custom","key":"example.com/a"}';;
  actions/check)
    layer='{\"checks\": {\"up\": {\"override\": \"replace\", \"period\": \"100ms\", \"threshold\": 1'
    layer+=', \"timeout\": \"90ms\", \"tcp\": {\"port\": 8099}}}}'
    ask POST /v1/layers '{"action":"add","combine":true,"label":"checks","format":"yaml",
      "layer":"'"$layer"'"}';;
  hooks/*-pebble-ready) status-set active;;
esac
)sh";

class Pods : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "pods need root";
    }
    const std::string charm = rehearse_.charm("hk",
                                              "containers: {web: {mounts: [{storage: data, "
                                              "location: /data}]}}\n"
                                              "storage: {data: {type: filesystem}}\n",
                                              script);
    rehearse_.write("hk/actions.yaml", "notify: {description: x}\ncheck: {description: x}\n");
    rehearse_.ok({"deploy", charm});
    rehearse_.ok({"wait", "--timeout", "30s"});
  }

  void TearDown() override {
    if (HasFailure()) {
      std::cerr << rehearse_.run({"debug-log", "-n", "40"}).output;
    }
  }

  [[nodiscard]] Names hooks_after(std::size_t count) const {
    Names hooks = rehearse_.hooks("hk/0");
    hooks.erase(hooks.begin(), hooks.begin() + static_cast<std::ptrdiff_t>(count));
    return hooks;
  }

  /// Lets the model work until the hook has run again, or for ten seconds.
  [[nodiscard]] bool runs(const std::string& hook, std::size_t since) const {
    for (int turn = 0; turn < 50; ++turn) {
      const Names hooks = hooks_after(since);
      if (std::find(hooks.begin(), hooks.end(), hook) != hooks.end()) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      static_cast<void>(rehearse_.status());
    }
    return false;
  }

  RehearseCommand rehearse_{""};
};

TEST_F(Pods, BringPebbleReadyOnce) {
  const Names hooks = rehearse_.hooks("hk/0");
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "web-pebble-ready"), 1);
  static_cast<void>(rehearse_.status());
  EXPECT_EQ(hooks_after(hooks.size()), Names{});
}

TEST_F(Pods, BringPebbleReadyAgainAfterARestartOfTheContainerOrTheAgent) {
  std::size_t count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"restart-container", "hk/0", "web"});
  EXPECT_EQ(hooks_after(count), (Names{"web-pebble-ready"}));
  count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"restart-agent", "hk/0"});
  EXPECT_EQ(hooks_after(count), (Names{"start", "web-pebble-ready"}));
}

TEST_F(Pods, BringCustomNoticesAndReplayThemToANewAgent) {
  if (std::system("command -v pebble >/dev/null") != 0) {
    GTEST_SKIP() << "the stand-in for Pebble has no custom notices, which no charm here sends";
  }
  std::size_t count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"run", "hk/0", "notify"});
  EXPECT_TRUE(runs("web-pebble-custom-notice", count));
  count = rehearse_.hooks("hk/0").size();
  static_cast<void>(rehearse_.status());
  EXPECT_EQ(hooks_after(count), Names{});
  // Pebble's folder outlives the container, and so do its notices.
  rehearse_.ok({"restart-container", "hk/0", "web"});
  EXPECT_EQ(hooks_after(count), Names{"web-pebble-ready"});
  count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"restart-agent", "hk/0"});
  const Names hooks = hooks_after(count);
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "web-pebble-custom-notice"), 1);
  EXPECT_NE(rehearse_.ok({"exec", "hk/0", "-c", "web", "--", "cat", "/data/events"})
                .find("hooks/web-pebble-custom-notice example.com/a"),
            std::string::npos);
}

TEST_F(Pods, BringFailedAndRecoveredChecks) {
  std::size_t count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"run", "hk/0", "check"});
  EXPECT_TRUE(runs("web-pebble-check-failed", count));
  count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"exec", "hk/0", "-c", "web", "--", "setsid", "--fork", "python3", "-m",
                "http.server", "8099"});
  EXPECT_TRUE(runs("web-pebble-check-recovered", count));
  EXPECT_NE(rehearse_.ok({"exec", "hk/0", "-c", "web", "--", "cat", "/data/events"})
                .find("hooks/web-pebble-check-failed up"),
            std::string::npos);
}

TEST_F(Pods, KeepStorageAndNothingElseWhenDeleted) {
  rehearse_.ok({"exec", "hk/0", "-c", "web", "--", "touch", "/data/kept", "/tmp/lost"});
  const std::size_t count = rehearse_.hooks("hk/0").size();
  rehearse_.ok({"delete-pod", "hk/0"});
  rehearse_.ok({"wait", "--timeout", "30s"});
  Names hooks = hooks_after(count);
  ASSERT_FALSE(hooks.empty());
  EXPECT_EQ(hooks.front(), "stop");
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "install"), 0);
  EXPECT_EQ(std::count(hooks.begin(), hooks.end(), "web-pebble-ready"), 1);
  EXPECT_EQ(rehearse_.run({"exec", "hk/0", "-c", "web", "--", "test", "-e", "/data/kept"}).status,
            0);
  EXPECT_EQ(rehearse_.run({"exec", "hk/0", "-c", "web", "--", "test", "-e", "/tmp/lost"}).status,
            1);
}

TEST_F(Pods, ReachThoseOfADifferentModelByNameAndAddress) {
  rehearse_.ok({"add-model", "other"});
  rehearse_.ok({"-m", "other", "deploy", rehearse_.directory() / "hk", "keys"});
  const auto reaches = [this](const std::string& model, const std::string& unit,
                              const std::string& host) {
    return rehearse_
               .run({"-m", model, "exec", unit, "--", "bash", "-c",
                     "exec 3<>/dev/tcp/" + host +
                         "/38813; printf 'GET /v1/health HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"})
               .output.find("\"healthy\":true") != std::string::npos;
  };
  const nlohmann::json status =
      nlohmann::json::parse(rehearse_.ok({"-m", "other", "status", "--format", "json"}));
  const std::string address = status["applications"]["keys"]["units"]["keys/0"]["address"];
  EXPECT_NE(address, rehearse_.status()["applications"]["hk"]["units"]["hk/0"]["address"]);
  EXPECT_TRUE(reaches("rehearsal", "hk/0", address));
  EXPECT_TRUE(reaches("rehearsal", "hk/0", "keys-0.keys-endpoints.other.svc.cluster.local"));
  EXPECT_TRUE(reaches("other", "keys/0", "hk-0.hk-endpoints.rehearsal.svc.cluster.local"));
  rehearse_.ok({"destroy-model", "other"});
  EXPECT_NE(rehearse_.run({"exec", "hk/0", "--", "getent", "hosts", "keys.other"}).status, 0);
  rehearse_.ok({"delete-pod", "hk/0"});
}

TEST_F(Pods, ExecuteWithInputAndTheContainersEnvironment) {
  EXPECT_EQ(rehearse_.run({"exec", "hk/0", "-c", "web", "--", "cat"}, "rehearse", "a\nb").output,
            "a\nb");
  EXPECT_EQ(rehearse_.ok({"exec", "hk/0", "-c", "web", "--", "printenv", "PEBBLE_SOCKET"}),
            "/charm/container/pebble.socket\n");
  EXPECT_EQ(rehearse_.run({"exec", "hk/0", "--", "cat"}, "rehearse", "x").output, "x");
  EXPECT_EQ(rehearse_.ok({"exec", "hk/0", "--", "is-leader"}), "True\n");
  rehearse_.write("a.txt", "content\n");
  rehearse_.ok({"scp", "a.txt", "hk/0:a.txt"});
  EXPECT_EQ(rehearse_.ok({"ssh", "hk/0", "cat", "a.txt", "/var/lib/juju/a.txt"}),
            "content\ncontent\n");
}

TEST_F(Pods, AreEnteredAsByJujuOnKubernetes) {
  const auto ssh = [this](const std::string& command) {
    return rehearse_.run({"ssh", "--container", "web", "hk/leader", command});
  };
  EXPECT_EQ(ssh("echo one; echo two >&2; exit 3").output, "one\n");
  EXPECT_EQ(ssh("exit 3").status, 3);
  EXPECT_EQ(rehearse_.ok({"ssh", "hk/0", "ls", "-d", "/var/lib/juju"}), "/var/lib/juju\n");
  EXPECT_EQ(rehearse_.run({"ssh", "root@hk/0", "true"}).error,
            "ERROR invalid unit name \"root@hk/0\"\n");
  rehearse_.write("folder/a.txt", "content\n");
  rehearse_.ok({"scp", "--container", "web", "folder/a.txt", "hk/0:/data"});
  EXPECT_EQ(ssh("cat /data/a.txt").output, "content\n");
  rehearse_.ok({"scp", "--container", "web", "folder", "hk/0:/data/copy"});
  rehearse_.ok({"scp", "--container", "web", "hk/0:/data/copy", "back"});
  EXPECT_EQ(::test::file_text(rehearse_.directory() / "back/a.txt"), "content\n");
}

TEST_F(Pods, KnowOneAnotherByName) {
  const std::string address =
      rehearse_.status()["applications"]["hk"]["units"]["hk/0"]["address"].get<std::string>();
  const std::string hosts = rehearse_.ok(
      {"exec", "hk/0", "--", "getent", "hosts", "hk-0.hk-endpoints.rehearsal.svc.cluster.local"});
  EXPECT_EQ(hosts.rfind(address, 0), 0U) << hosts;
}

}  // namespace
}  // namespace rehearsal::test
