// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/live_model.hpp"

#include <chrono>

#include <unistd.h>

namespace test {

void LiveModel::SetUp() {
  if (geteuid() != 0) {
    GTEST_SKIP() << "pods need root";
  }
}

void LiveModel::TearDown() {
  if (geteuid() == 0) {
    attempt({"destroy-model"});
  }
}

CommandResult LiveModel::attempt(const std::vector<std::string>& arguments) const {
  Command command{
      .arguments = {std::string(BUILD_DIR) + "/rehearsal/model/rehearse", "-q", "-m", name_},
      .environment = {"REHEARSAL_DIR=" + directory_.path().string()}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return run(command, std::chrono::seconds(120));
}

std::string LiveModel::rehearse(const std::vector<std::string>& arguments) const {
  const CommandResult result = attempt(arguments);
  EXPECT_EQ(result.status, 0) << arguments.front() << ": " << result.output << result.error;
  return result.output;
}

void LiveModel::deploy_partner(const std::string& name) const {
  rehearse({"deploy", std::string(BUILD_DIR) + "/rehearsal/charms/" + name});
}

void LiveModel::deploy_counterpart(const std::string& name) const {
  rehearse({"deploy", std::string(SOURCE_DIR) + "/tests/contract/partners/" + name});
}

}  // namespace test
