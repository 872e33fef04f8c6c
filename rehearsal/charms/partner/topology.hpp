// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace rehearsal::partner {

/// The owner of metrics or rules, as cosl 1.11 understands Juju's topology.
struct Topology {
  std::string model;
  std::string model_uuid;
  std::string application;
  std::string charm;  ///< May be empty.

  /// Returns `<model>_<first 8 of the model's UUID>_<application>`.
  [[nodiscard]] std::string identifier() const;
  /// Returns the labels of every series; without a unit.
  [[nodiscard]] nlohmann::json labels() const;
};

/// Reads `metadata` or `scrape_metadata`. Throws as the originals do. A missing required key is an
/// nlohmann::json::exception. A UUID that is not of version 4 in lower case is a charm::Error.
[[nodiscard]] Topology topology_of_metadata(const nlohmann::json& metadata);

/// Whether the labels of an alert rule contain a whole topology.
[[nodiscard]] bool has_topology(const nlohmann::json& labels);

/// Reads the labels of an alert rule; throws in the same way.
[[nodiscard]] Topology topology_of_labels(const nlohmann::json& labels);

/// Removes `%%juju_topology%%` from an expression. A selector with nothing else in it becomes
/// empty.
[[nodiscard]] std::string without_placeholder(const std::string& expression);

}  // namespace rehearsal::partner
