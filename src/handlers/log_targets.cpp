// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "log_targets.hpp"

#include "charm/domain/digest.hpp"
#include "topology.hpp"

#include <charconv>

namespace charm::cos {

namespace {

/// Takes a number and the dot behind it from the front; -1 when there is none.
int take_number(std::string_view& text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(text.starts_with('.') ? 1 : 0);
  return error == std::errc{} ? number : -1;
}

}  // namespace

std::map<std::string, std::string> log_labels(const Unit& unit) {
  // Alert rules in the field match either of the two names of the charm.
  return {{"product", "Juju"},
          {"charm", std::string(charm_name)},
          {"juju_charm", std::string(charm_name)},
          {"juju_model", unit.model},
          {"juju_model_uuid", unit.model_uuid},
          {"juju_application", unit.app},
          {"juju_unit", unit.name},
          {"job", "juju_" + topology_identifier(unit)}};
}

std::map<std::string, LogTarget> log_targets(const Unit& unit,
                                             const std::vector<LokiEndpoint>& endpoints) {
  constexpr std::size_t name_digits = 12;
  std::map<std::string, LogTarget> targets;
  for (const LokiEndpoint& endpoint : endpoints) {
    // Pebble ignores a new location of a target it knows, so the name follows from the location.
    targets["loki-" + sha256(endpoint.url).substr(0, name_digits)] = {
        .location = endpoint.url, .services = {"all"}, .labels = log_labels(unit)};
  }
  return targets;
}

bool forwards_logs(std::string_view pebble_version) {
  constexpr int first_minor = 6;
  pebble_version.remove_prefix(pebble_version.starts_with('v') ? 1 : 0);
  const int major = take_number(pebble_version);
  const int minor = take_number(pebble_version);
  return major != 1 || minor < 0 || minor >= first_minor;
}

}  // namespace charm::cos
