// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/partner_test.hpp"

#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

#include <unistd.h>

namespace test {

using nlohmann::json;

json sample(const std::string& name) {
  return json::parse(file_text(TEST_DATA_DIR "/interfaces/" + name + ".json"));
}

charm::Relation requirer(const std::string& endpoint, const std::string& name,
                         const std::vector<std::string>& more) {
  const json first = sample(name);
  charm::Relation relation{.id = 4,
                           .endpoint = endpoint,
                           .remote_app = "hockeypuck-k8s",
                           .remote_app_data = first.at("app").get<charm::Databag>()};
  relation.remote_units["hockeypuck-k8s/0"] = first.at("unit").get<charm::Databag>();
  for (const std::string& other : more) {
    const std::string unit = "hockeypuck-k8s/" + std::to_string(relation.remote_units.size());
    relation.remote_units[unit] = sample(other).at("unit").get<charm::Databag>();
  }
  return relation;
}

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

json LiveModel::kept() const {
  return json::parse(file_text(directory_.path() / name_ / "model.json"));
}

void LiveModel::deploy_partner(const std::string& name) const {
  rehearse({"deploy", std::string(BUILD_DIR) + "/rehearsal/charms/" + name});
}

void LiveModel::deploy_counterpart(const std::string& name) const {
  rehearse({"deploy", std::string(SOURCE_DIR) + "/tests/contract/partners/" + name});
}

}  // namespace test
