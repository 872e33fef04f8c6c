// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace test {

/// A real Prometheus on the loopback address that has scraped one keyserver for an hour: each
/// counter of a recorded scrape of Hockeypuck 2.3.3 grew by one a minute. The series carry the
/// labels that Prometheus' charm gives those of unit `hockeypuck-k8s/0` of the model `keyserver`.
class RecordedPrometheus {
 public:
  /// Throws std::runtime_error when it does not start.
  RecordedPrometheus();

  /// Evaluates a query at the end of the hour. Returns the whole answer of /api/v1/query.
  [[nodiscard]] nlohmann::json query(const std::string& expression) const;

 private:
  void fill() const;
  void wait_until_ready() const;

  TemporaryDirectory directory_{"prometheus"};
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace test
