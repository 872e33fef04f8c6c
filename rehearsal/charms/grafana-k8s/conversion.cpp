// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "conversion.hpp"

#include "charm/domain/error.hpp"

#include <charconv>
#include <string>

namespace grafana {
namespace {

using nlohmann::json;

void check_inputs(const json& dashboard) {
  for (const json& field : dashboard.value("__inputs", json::array())) {
    if (field.value("type", "") == "datasource") {
      (void)field.at("name").get<std::string>();
      (void)field.at("pluginName").get<std::string>();
    }
  }
}

void check_variables(const json& dashboard) {
  if (!dashboard.contains("templating")) {
    return;
  }
  for (const json& variable : dashboard.at("templating").at("list")) {
    (void)variable.at("name");
    if (variable.value("type", "") == "datasource") {
      (void)variable.at("query").get<std::string>();
    }
  }
}

/// Only an expression makes the consumer ask for the source of its panel.
void check_panel(const json& panel) {
  for (const json& target : panel.value("targets", json::array())) {
    if (target.contains("expr") && panel.contains("datasource") &&
        panel.at("datasource").is_object()) {
      (void)panel.at("datasource").at("uid");
    }
  }
}

}  // namespace

void check_conversion(const json& dashboard, bool has_topology) {
  check_inputs(dashboard);
  check_variables(dashboard);
  if (!has_topology) {
    return;
  }
  for (const json& panel : dashboard.value("panels", json::array())) {
    if (panel.is_object()) {
      check_panel(panel);
    }
  }
}

int version_of(const json& dashboard) {
  const json version = dashboard.value("version", json(0));
  if (version.is_string()) {
    const auto& text = version.get_ref<const std::string&>();
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  if (version.is_boolean()) {
    return version.get<bool>() ? 1 : 0;
  }
  if (!version.is_number()) {
    throw charm::Error(std::string("version is ") + version.type_name());
  }
  return version.get<int>();
}

}  // namespace grafana
