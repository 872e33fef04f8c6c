// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/e2e/rehearsal_test.hpp"

#include <string>
#include <vector>

namespace test {

inline constexpr const char* second_unit = "hockeypuck-k8s/1";

/// Tests of who may administrate the keyserver.
class AdminKeyTest : public RehearsalTest {
 protected:
  /// Answers to a request to delete a key that is not there.
  static constexpr int taken = 404;
  static constexpr int refused = 422;

  void deploy_two_units();

  /// The secret keys that the application keeps, as the model holds them.
  std::vector<std::string> kept_keys();
  /// The status of such a request that gpg signs with a secret key.
  int request(const std::string& private_key, const std::string& unit = hockeypuck_unit);
  /// What the keyserver has: `absent`, `present` or `revoked`.
  std::string stored(const std::string& fingerprint, const std::string& unit = hockeypuck_unit);
  /// The administrators' line of the configuration.
  std::string administrators(const std::string& unit = hockeypuck_unit);
  /// That line with one administrator.
  static std::string only(const std::string& fingerprint);
  std::string in_use();
  void expect_blocks_keys();
};

}  // namespace test
