// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/e2e/rehearsed_model.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace test {

inline constexpr const char* hockeypuck_unit = "hockeypuck-k8s/0";
inline const ShownStatus active{"active", ""};

/// A test with its own model. At the end of any test, no hook may have failed. No database password
/// or private key may be where it must not be.
class RehearsalTest : public ::testing::Test {
 protected:
  explicit RehearsalTest(int seed = 1) : model(seed) {}

  void TearDown() override;

  /// Uploads a key of tests/data/e2e. True if the keyserver accepted it.
  bool upload(const std::string& key);
  /// The HTTP status of a lookup by fingerprint, or 0 without an answer.
  int look_up(const std::string& fingerprint, const std::string& unit = hockeypuck_unit);
  /// Sends any request to the HKP port and returns its HTTP status.
  int http_status(const std::string& path, const std::string& unit = hockeypuck_unit);
  std::string http_body(const std::string& path, const std::string& unit = hockeypuck_unit);
  /// Sends a form and returns its HTTP status. Each field has the form of curl's --data-urlencode.
  int post(const std::string& path, const std::vector<std::string>& fields,
           const std::string& unit = hockeypuck_unit);
  bool listens(int port, const std::string& unit = hockeypuck_unit);

  std::string configuration(const std::string& unit = hockeypuck_unit);
  /// A parameter of the data source name in the configuration.
  std::string data_source(const std::string& parameter);
  std::string plan(const std::string& unit = hockeypuck_unit);
  /// How often the charm started the keyserver; Pebble's own restarts do not count.
  int starts(const std::string& unit = hockeypuck_unit);
  std::string process_id(const std::string& unit = hockeypuck_unit);
  /// Paths of the files with the text in the container's writable places.
  std::set<std::string> files_holding(const std::string& text);
  /// All state of the workload that an event could have changed.
  std::string workload_fingerprint(const std::string& unit = hockeypuck_unit);

  void expect_serving(const std::string& unit = hockeypuck_unit);
  /// One further update-status may remember the last change. The two after it write nothing, and
  /// the workload does not change.
  void expect_settled();
  void remember_password();

  /// The test itself kills dispatches of this event.
  void expect_killed(const std::string& event) { killed_.insert(event); }

  RehearsedModel model;

 private:
  void expect_no_hook_failed();
  void expect_no_secret_leaked();
  std::string base_url(const std::string& unit);

  std::set<std::string> secrets_;
  std::set<std::string> killed_;
  std::map<std::string, std::string> forwarded_;  ///< Ports by unit.
};

/// Fingerprints of tests/data/e2e/alice.asc and carol_signed_by_dave.asc.
inline constexpr const char* alice = "736878501CB48D4B6EA5A98AE9D8F50DC853941B";
inline constexpr const char* carol = "78A2CCD8807B441A3DE5C0F9DC47025FD2426AD9";

}  // namespace test
