// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/fake_pebble.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// A service that was started at least once in this daemon's life.
struct FakeService {
  std::string current = "inactive";
  nlohmann::json started_with;  ///< Its definition at the last start.
  int starts = 0;
};

/// What a container restart wipes, and the changes.
struct FakePebble::State {
  std::vector<std::pair<std::string, nlohmann::json>> layers;  ///< By label, lowest first.
  std::map<std::string, FakeService> services;
  std::vector<nlohmann::json> changes;
};

/// An error answer of Pebble.
struct PebbleRefusal {
  int status = 400;
  std::string message;
  std::string kind = {};
};

/// Throws PebbleRefusal for what Pebble 1.26 refuses in a layer.
void check_layer(const nlohmann::json& layer);

/// Durations as Pebble shows them in a plan (`60s` is `1m0s`), and its fixed threshold.
[[nodiscard]] nlohmann::json normalised(nlohmann::json plan);

/// The plan as YAML text, indented like Pebble's.
[[nodiscard]] std::string yaml_text(const nlohmann::json& plan);

/// Every value of a query parameter, decoded.
[[nodiscard]] std::vector<std::string> query_values(const std::string& target,
                                                    const std::string& name);

/// The first value of a query parameter, or "".
[[nodiscard]] std::string query_value(const std::string& target, const std::string& name);

}  // namespace test
