// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace rehearsal::test {

/// Runs the real `rehearse` with models in its own directory. The destructor destroys the model.
/// Charms are bash scripts.
class RehearseCommand {
 public:
  /// `machine` is the value of REHEARSAL_MACHINE; empty for pods.
  explicit RehearseCommand(std::string machine);

  RehearseCommand(const RehearseCommand&) = delete;
  RehearseCommand& operator=(const RehearseCommand&) = delete;
  ~RehearseCommand();

  /// Runs it under the name `rehearse` or `juju`, with this text on its standard input.
  [[nodiscard]] ::test::CommandResult run(const std::vector<std::string>& arguments,
                                          const std::string& name = "rehearse",
                                          const std::string& input = {}) const;
  /// The same, but fails the test if the exit code is not 0. Returns the output.
  std::string ok(const std::vector<std::string>& arguments) const;
  /// `status --format json`
  [[nodiscard]] nlohmann::json status() const;
  /// The names of the dispatches of a unit so far.
  [[nodiscard]] std::vector<std::string> hooks(const std::string& unit) const;

  /// Writes a charm's folder for `deploy` and returns its path.
  std::string charm(const std::string& name, const std::string& metadata,
                    const std::string& script) const;
  void write(const std::string& path, const std::string& text) const;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  ::test::TemporaryDirectory directory_{"rehearse"};
  std::string machine_;
};

}  // namespace rehearsal::test
