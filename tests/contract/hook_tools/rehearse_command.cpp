// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/rehearse_command.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace rehearsal::test {

namespace fs = std::filesystem;

RehearseCommand::RehearseCommand(std::string machine) : machine_(std::move(machine)) {}

RehearseCommand::~RehearseCommand() {
  try {
    static_cast<void>(run({"destroy-model"}));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

::test::CommandResult RehearseCommand::run(const std::vector<std::string>& arguments,
                                           const std::string& name,
                                           const std::string& input) const {
  const std::string folder = name == "juju" ? "bin/" : "model/";
  ::test::Command command{
      .arguments = {BUILD_DIR "/rehearsal/" + folder + name},
      .environment = {"REHEARSAL_DIR=" + (directory_.path() / "models").string(),
                      "REHEARSAL_MACHINE=" + machine_},
      .input = input,
      .directory = directory_.path()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return ::test::run(command);
}

std::string RehearseCommand::ok(const std::vector<std::string>& arguments) const {
  const ::test::CommandResult result = run(arguments);
  EXPECT_EQ(result.status, 0) << arguments.front() << ": " << result.error;
  return result.output;
}

nlohmann::json RehearseCommand::status() const {
  return nlohmann::json::parse(ok({"status", "--format", "json"}));
}

std::vector<std::string> RehearseCommand::hooks(const std::string& unit) const {
  std::vector<std::string> names;
  for (const auto& record : nlohmann::json::parse(ok({"show-hooks", unit, "--format", "json"}))) {
    names.push_back(record["event"].get<std::string>());
  }
  return names;
}

std::string RehearseCommand::charm(const std::string& name, const std::string& metadata,
                                   const std::string& script) const {
  write(name + "/metadata.yaml", "name: " + name + "\n" + metadata);
  write(name + "/dispatch", "#!/bin/bash\n" + script);
  const fs::path folder = directory_.path() / name;
  fs::permissions(folder / "dispatch", fs::perms::owner_all | fs::perms::others_exec |
                                           fs::perms::others_read | fs::perms::group_exec |
                                           fs::perms::group_read);
  return folder.string();
}

void RehearseCommand::write(const std::string& path, const std::string& text) const {
  const fs::path file = directory_.path() / path;
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

}  // namespace rehearsal::test
