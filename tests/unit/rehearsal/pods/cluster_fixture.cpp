// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include "tests/support/file_text.hpp"

#include <algorithm>
#include <cctype>

#include <unistd.h>

namespace test {

namespace fs = std::filesystem;
using rehearsal::Cluster;
using rehearsal::Execution;

void ClusterTest::SetUp() {
  if (geteuid() != 0) {
    GTEST_SKIP() << "pods need root";
  }
  cluster_ = std::make_unique<Cluster>(
      directory_.path(), "test", rehearsal::find_programs(fs::path(BUILD_DIR) / "rehearsal/pods"));
}

void ClusterTest::TearDown() {
  if (cluster_) {
    cluster_->destroy();
  }
}

rehearsal::PodSpec ClusterTest::pod(const std::string& unit, int number) const {
  return {.unit = unit,
          .address = "10.1.0." + std::to_string(number),
          .containers = {{.name = "workload", .image = {}}}};
}

Execution ClusterTest::shell(const std::string& command, Printed& printed) {
  return {.argv = {"sh", "-c", command},
          .environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}},
          .directory = "/",
          .limit = std::chrono::seconds(20),
          .on_line = [&printed](bool is_stderr, const std::string& line) {
            (is_stderr ? printed.err : printed.out).push_back(line);
          }};
}

Printed ClusterTest::charm_shell(const std::string& unit, const std::string& command) {
  Printed printed;
  printed.result = cluster_->execute(unit, shell(command, printed));
  return printed;
}

Printed ClusterTest::workload_shell(const std::string& unit, const std::string& command) {
  Printed printed;
  printed.result = cluster_->execute_in(unit, "workload", shell(command, printed));
  return printed;
}

std::vector<int> processes_of(const fs::path& directory) {
  std::vector<int> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); })) {
      continue;
    }
    if (file_text(entry.path() / "mountinfo").find(directory.string() + "/") != std::string::npos) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace test
