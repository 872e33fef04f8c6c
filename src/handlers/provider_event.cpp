// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "provider_event.hpp"

#include "databag_json.hpp"
#include "remote_text.hpp"

#include <nlohmann/json.hpp>

namespace charm::databag {

namespace {

constexpr std::string_view key = "event";

/// A rule that does not parse is explained at length.
constexpr std::size_t longest_error = 1000;

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Returns what one element of the list `errors` says; empty when it says nothing.
std::string dashboard_error(const nlohmann::json& element) {
  if (!element.is_object()) {
    return {};
  }
  const auto error = text_of(element, "error");
  const auto dashboard = text_of(element, "dashboard_id");
  return error.empty() || dashboard.empty() ? error : dashboard + ": " + error;
}

}  // namespace

void learn_event_errors(const Relation& relation, Facts& facts) {
  const auto text = value_of(relation.remote_app_data, key);
  if (text.empty()) {
    return;
  }
  const auto event = parse_json(text);
  if (!event || !event->is_object()) {
    facts.warnings.push_back(warning(relation, key, "not a JSON object"));
    return;
  }
  const auto add = [&](const std::string& error) {
    if (!error.empty()) {
      facts.warnings.push_back(warning(
          relation, key, relation.remote_app + " reports: " + printable(error, longest_error)));
    }
  };
  add(text_of(*event, "errors"));
  add(text_of(*event, "scrape_job_errors"));
  if (event->contains("errors") && event->at("errors").is_array()) {
    for (const auto& element : event->at("errors")) {
      add(dashboard_error(element));
    }
  }
}

}  // namespace charm::databag
