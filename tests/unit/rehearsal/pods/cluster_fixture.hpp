// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/cluster.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace test {

/// The output and the exit code of a program.
struct Printed {
  std::vector<std::string> out;
  std::vector<std::string> err;
  rehearsal::ExecutionResult result;
};

/// A cluster in a temporary directory. Skips the test if namespaces are not allowed.
class ClusterTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// A pod of one container `workload` with the address 10.1.0.`number`.
  rehearsal::PodSpec pod(const std::string& unit, int number) const;

  /// Runs a shell command in the charm container.
  Printed charm_shell(const std::string& unit, const std::string& command);
  /// Runs a shell command in a workload container.
  Printed workload_shell(const std::string& unit, const std::string& command);

  TemporaryDirectory directory_{"pods"};
  std::unique_ptr<rehearsal::Cluster> cluster_;

 private:
  static rehearsal::Execution shell(const std::string& command, Printed& printed);
};

/// The numbers of the machine's processes that belong to the model in `directory`. Their root or
/// their command is in the directory, or they belong to the model in another way.
std::vector<int> processes_of(const std::filesystem::path& directory);

}  // namespace test
