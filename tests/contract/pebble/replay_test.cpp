// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/contract/pebble/comparison.hpp"
#include "tests/contract/pebble/recorded_session.hpp"
#include "tests/contract/pebble/web_server.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

/// Where Pebble 1.26 is known to answer otherwise than the recorded 1.32.1.
const std::map<std::string, std::string>& known_differences_of_1_26() {
  static const std::map<std::string, std::string> differences{
      {"checks_list_some_down", "no prev-change-id"},
      {"checks_list_level", "no prev-change-id"},
      {"checks_list_recovered", "no prev-change-id"},
      {"checks_refresh_failing", "no prev-change-id"},
      {"change_perform_check_failed", "the last error has no output of the command"},
      {"checks_stop_already_stopped", "changed is null, not []"},
      {"err_layers_log_target_type", "no log targets of type syslog"},
      {"files_write_star_in_name", "a star in a file's name is allowed"},
      {"files_list_pattern", "the file with a star is there"},
      {"files_list", "the file with a star is there"}};
  return differences;
}

/// Calls whose answers depend on how far checks or services had come by chance.
const std::set<std::string>& timing_dependent_targets() {
  static const std::set<std::string> targets{"/v1/changes?select=all", "/v1/changes?select=ready",
                                             "/v1/notices?types=change-update"};
  return targets;
}

bool follows(const RecordedStep& step) {
  return step.request.target.find("follow=true") != std::string::npos;
}

class Replay : public PebbleContract {
 protected:
  void SetUp() override {
    PebbleContract::SetUp();
    if (geteuid() != 0) {
      GTEST_SKIP() << "the recorded sessions change owners of files: only root may";
    }
  }

  /// Prepares something right before the step of that name, as the recording's maker did.
  void before(const std::string& step, std::function<void()> action) {
    before_[step] = std::move(action);
  }

  std::filesystem::path root() const { return root_.path(); }

  void replay(const std::string& name) {
    places_["@ROOT@"] = root().string();
    places_["@HTTP_PORT@"] = std::to_string(http_port_);
    places_["@WEB_PORT@"] = std::to_string(web_.port());
    places_["@CLOSED_PORT@"] = std::to_string(free_port());
    const RecordedSession session = read_session(name, places_);
    AgentSetup setup{.environment = {{"PEBBLE_VERBOSE", "0"}}};
    setup.arguments = {"--http", "127.0.0.1:" + std::to_string(http_port_)};
    if (session.user != 0) {
      setup.user = session.user;
      setup.environment["HOME"] = "/nonexistent";
    }
    const AgentUnderTest agent(program(), setup);
    // A folder the agent may write to, where the recorded one wrote to its own.
    std::filesystem::create_directory_symlink(agent.folder(), root() / "pebble-agent2");
    const auto start = std::chrono::steady_clock::now();
    for (const RecordedStep& step : session.steps) {
      const double offset = step.at - session.steps.front().at;
      const auto lasted = follows(step) ? std::chrono::seconds(1) : std::chrono::seconds(0);
      std::this_thread::sleep_until(
          start + std::chrono::milliseconds(static_cast<int>(offset * 1000)) - lasted);
      run_step(agent, step);
    }
  }

 private:
  void run_step(const AgentUnderTest& agent, const RecordedStep& step) {
    SCOPED_TRACE((step.name.empty() ? "unnamed step" : step.name) + ": " + step.request.method +
                 " " + step.request.target);
    if (const auto action = before_.find(step.name); action != before_.end()) {
      action->second();
    }
    if (follows(step)) {
      return;
    }
    Exchange request = step.request;
    request.target = ids_.translated(request.target);
    TestClient client(step.over_tcp ? "127.0.0.1:" + std::to_string(http_port_) : agent.socket());
    const Answer answer = client.send(request);
    EXPECT_EQ(answer.status, step.status) << answer.body;
    const bool other_in_1_26 =
        agent.minor_version() < 27 && known_differences_of_1_26().contains(step.name);
    if (step.request.method == "HEAD" || other_in_1_26 ||
        timing_dependent_targets().contains(step.request.target)) {
      return;
    }
    EXPECT_EQ(difference(step.body, answer.body, ids_), "");
  }

  TemporaryFolder root_;
  WebServer web_;
  int http_port_ = free_port();
  IdBook ids_;
  std::map<std::string, std::string> places_;
  std::map<std::string, std::function<void()>> before_;
};

TEST_P(Replay, LayersAndHttp) {
  replay("layers_and_http");
}

TEST_P(Replay, ServicesAndChanges) {
  replay("services_and_changes");
}

TEST_P(Replay, Files) {
  const std::filesystem::path folder = root() / "pebble-files";
  std::filesystem::create_directory(folder);
  before("files_write_quoted_utf8_filename", [&] {
    // The file written over a link has replaced the link.
    EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(folder / "link")));
    EXPECT_EQ(std::filesystem::file_size(folder / "target"), 0U);
    std::filesystem::remove(folder / "target");
  });
  before("err_files_no_content_type", [&] {
    std::ofstream(folder / "target").flush();
    std::filesystem::create_symlink("target", folder / "link");
  });
  before("files_list_types_symlink_fifo", [&] {
    std::filesystem::create_symlink("nowhere", folder / "dangling");
    EXPECT_EQ(mkfifo((folder / "fifo").c_str(), 0644), 0);
  });
  replay("files");
}

TEST_P(Replay, ChecksNoticesAndSignals) {
  before("checks_list_recovered", [] {});
  before("err_checks_action", [this] {
    std::filesystem::create_directory(root() / "pebble-lab");
    std::ofstream(root() / "pebble-lab/ok").flush();
  });
  replay("checks_notices_signals");
}

TEST_P(Replay, Logs) {
  replay("logs");
}

TEST_P(Replay, MergingAndReplan) {
  before("files_remove_one", [this] {
    std::filesystem::create_directory(root() / "pebble-files");
    std::ofstream(root() / "pebble-files/nct").flush();
  });
  replay("merge_replan");
}

TEST_P(Replay, LenientJson) {
  replay("misc_json");
}

TEST_P(Replay, AnAgentWithoutPrivileges) {
  const std::filesystem::path lab = root() / "pebble-lab";
  std::filesystem::create_directories(lab / "rootdir");
  std::filesystem::create_directories(lab / "privdir");
  std::ofstream(lab / "secret") << "secret";
  chmod((lab / "secret").c_str(), 0600);
  chmod((lab / "privdir").c_str(), 0700);
  replay("daemon_as_nobody");
}

RUN_AGAINST_BOTH(Replay);

}  // namespace
}  // namespace contract::pebble
