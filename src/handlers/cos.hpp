// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/snapshot.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>

/// The code that the relations with the Canonical Observability Stack (COS) share.
namespace charm::cos {

/// A file below `src/cos`, compiled into the charm so that no handler reads a file. embed_files.py
/// generates the definitions.
struct EmbeddedFile {
  std::string_view path;  ///< Relative to the charm's root, `src/cos/…`.
  std::string_view stem;  ///< File name without suffix.
  /// For a dashboard: base64 of the .xz file. For rules: the groups as JSON, separated by commas.
  /// Names between `%%` are replaced with this application's values, see alert_rules().
  std::string_view content;
  std::string_view digest;  ///< SHA-256 of the content in lower-case hexadecimal.
  /// For a dashboard: the `dashboard_alt_uid` that grafana_dashboard 0.49 gives it.
  std::string_view alt_uid = {};
};

/// Each function returns its files sorted by path.
[[nodiscard]] std::span<const EmbeddedFile> grafana_dashboards() noexcept;
[[nodiscard]] std::span<const EmbeddedFile> prometheus_alert_rules() noexcept;
[[nodiscard]] std::span<const EmbeddedFile> loki_alert_rules() noexcept;

/// The name in metadata.yaml, by which the observability charms group.
inline constexpr std::string_view charm_name = "hockeypuck-k8s";

/// Returns `<model>_<first 8 of the model's UUID>_<application>`, cosl's name for scrape jobs and
/// rule groups.
[[nodiscard]] std::string topology_identifier(const Unit& unit);

/// Returns the matchers that limit a query to this application: `juju_model="…",…`, without braces.
[[nodiscard]] std::string topology_matchers(const Unit& unit);

/// Returns the topology in the form of the databags: model, model_uuid, application and unit.
[[nodiscard]] nlohmann::json topology(const Unit& unit);

/// Returns the topology with the charm's name, for `scrape_metadata` and `metadata`.
[[nodiscard]] nlohmann::json topology_metadata(const Unit& unit);

/// Returns `{"groups": […]}` of all rule files (Prometheus' form as JSON, PromQL or LogQL), or `{}`
/// without any. This application's values replace the marks of embed_files.py. These are the
/// matchers of each `%%juju_topology%%`, the labels of each rule, and the names of groups, made
/// unique as cosl 1.11 does.
[[nodiscard]] std::string alert_rules(std::span<const EmbeddedFile> files, const Unit& unit);

/// Adds a warning for each error in the key `event` of an observability charm's application
/// databag. The value is `{"errors": "text"}`, `{"errors": [{"dashboard_id", "error"}]}` or
/// `{"scrape_job_errors": "text"}` (cosl 1.11, grafana_dashboard 0.49).
void learn_event_errors(const Relation& relation, Facts& facts);

}  // namespace charm::cos
