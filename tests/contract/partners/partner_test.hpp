// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// A file of tests/data/interfaces.
[[nodiscard]] nlohmann::json sample(const std::string& name);

/// Relation 4 with the requirer of a sample as the remote side. Each of `more` samples is a further
/// unit of the requirer.
[[nodiscard]] charm::Relation requirer(const std::string& endpoint, const std::string& name,
                                       const std::vector<std::string>& more = {});

/// A test with its own model, run by the program `rehearse` and destroyed at the end. Skipped
/// without root, which pods need: a derived SetUp ends if IsSkipped().
class LiveModel : public ::testing::Test {
 protected:
  explicit LiveModel(std::string name) : name_(std::move(name)), directory_(name_) {}

  void SetUp() override;
  void TearDown() override;

  CommandResult attempt(const std::vector<std::string>& arguments) const;
  /// The same, but an error fails the test. Returns the output.
  std::string rehearse(const std::vector<std::string>& arguments) const;

  /// The model's stored state.
  [[nodiscard]] nlohmann::json kept() const;

  /// Deploys one of the rehearsal's own charms.
  void deploy_partner(const std::string& name) const;
  /// Deploys one of the charms in this folder, which act as the other side.
  void deploy_counterpart(const std::string& name) const;

 private:
  std::string name_;
  TemporaryDirectory directory_;
};

}  // namespace test
