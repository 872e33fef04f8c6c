// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "dashboards.hpp"

#include "charm/domain/error.hpp"
#include "conversion.hpp"
#include "packed_text.hpp"

#include <map>
#include <optional>
#include <tuple>

namespace grafana {
namespace {

using nlohmann::json;

/// A member that may be absent or, as far as Python's truth goes, nothing.
std::string text_or_nothing(const json& object, const char* key) {
  const json value = object.value(key, json());
  return value.is_string() ? value.get<std::string>() : "";
}

/// Nothing for text that is no JSON. Throws PackingError.
std::optional<Dashboard> read_template(const std::string& id, const json& entry) {
  const std::string text = unpacked(entry.at("content").get<std::string>());
  json content = json::parse(text, nullptr, false);
  if (content.is_discarded()) {
    return std::nullopt;
  }
  if (!content.is_object()) {
    throw charm::Error(id + " is no object");
  }
  if (text_or_nothing(content, "uid").empty() && entry.contains("dashboard_alt_uid")) {
    content["uid"] = entry.at("dashboard_alt_uid");
  }
  const bool inject = entry.value("inject_dropdowns", true);
  check_conversion(content, inject && !entry.value("juju_topology", json::object()).empty());
  Dashboard dashboard{.id = id,
                      .charm = entry.at("charm").get<std::string>(),
                      .uid = text_or_nothing(content, "uid"),
                      .title = text_or_nothing(content, "title"),
                      .version = version_of(content)};
  dashboard.content = std::move(content);
  return dashboard;
}

}  // namespace

Reading read_dashboards(const charm::Relation& relation) {
  const auto published = relation.remote_app_data.find("dashboards");
  if (published == relation.remote_app_data.end() || published->second.empty()) {
    return {};
  }
  const json templates = json::parse(published->second).at("templates");
  if (!templates.is_object()) {
    throw charm::Error("templates is no object");
  }
  Reading reading;
  for (const auto& [id, entry] : templates.items()) {
    try {
      if (std::optional<Dashboard> dashboard = read_template(id, entry)) {
        dashboard->relation = relation.id;
        reading.dashboards.push_back(std::move(*dashboard));
      }
    } catch (const PackingError& error) {
      reading.errors.push_back({{"dashboard_id", id}, {"error", error.what()}});
    }
  }
  if (!reading.errors.empty()) {
    reading.dashboards.clear();
  }
  return reading;
}

std::vector<Dashboard> shown(const std::vector<Dashboard>& dashboards) {
  std::map<std::string, const Dashboard*> newest;
  const auto rank = [](const Dashboard& dashboard) {
    return std::tuple(dashboard.version, dashboard.relation, dashboard.content.dump());
  };
  for (const Dashboard& dashboard : dashboards) {
    if (dashboard.uid.find_first_not_of(" \t\n") == std::string::npos) {
      continue;
    }
    const Dashboard*& known = newest[dashboard.uid];
    if (known == nullptr || rank(*known) < rank(dashboard)) {
      known = &dashboard;
    }
  }
  std::vector<Dashboard> result;
  result.reserve(newest.size());
  for (const auto& [uid, dashboard] : newest) {
    result.push_back(*dashboard);
  }
  return result;
}

}  // namespace grafana
