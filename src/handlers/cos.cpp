// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "cos.hpp"

#include "charm/json/json_text.hpp"
#include "databag_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace charm::cos {

namespace {

/// Returns the text as a string of JSON contains it.
std::string in_string(const std::string& text) {
  const std::string quoted_text = databag::dump_json(text);
  return quoted_text.substr(1, quoted_text.size() - 2);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

std::string name_of_groups(const Unit& unit) {
  std::string name = topology_identifier(unit);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_name_character(c); }, '_');
  return name;
}

std::map<std::string_view, std::string> values_of(const Unit& unit) {
  return {{"juju_topology", in_string(topology_matchers(unit))},
          {"juju_identifier", name_of_groups(unit)},
          {"juju_model", in_string(unit.model)},
          {"juju_model_uuid", in_string(unit.model_uuid)},
          {"juju_application", in_string(unit.app)}};
}

/// The build checks that only known names are between two marks.
std::string filled_in(std::string_view text,
                      const std::map<std::string_view, std::string>& values) {
  constexpr std::string_view mark = "%%";
  std::string result;
  for (auto begin = text.find(mark); begin != std::string_view::npos; begin = text.find(mark)) {
    const auto end = text.find(mark, begin + mark.size());
    const auto name = text.substr(begin + mark.size(), end - begin - mark.size());
    result.append(text.substr(0, begin)).append(values.at(name));
    text.remove_prefix(end + mark.size());
  }
  return result.append(text);
}

/// Returns the text of one element of the list `errors`; empty if it has none.
std::string dashboard_error(const nlohmann::json& element) {
  if (!element.is_object()) {
    return {};
  }
  const auto error = databag::text_at(element, "error");
  const auto dashboard = databag::text_at(element, "dashboard_id");
  return error.empty() || dashboard.empty() ? error : dashboard + ": " + error;
}

}  // namespace

std::string topology_identifier(const Unit& unit) {
  return unit.model + "_" + unit.model_uuid.substr(0, 8) + "_" + unit.app;
}

std::string topology_matchers(const Unit& unit) {
  return "juju_model=\"" + unit.model + "\",juju_model_uuid=\"" + unit.model_uuid +
         "\",juju_application=\"" + unit.app + "\"";
}

nlohmann::json topology(const Unit& unit) {
  return {{"model", unit.model},
          {"model_uuid", unit.model_uuid},
          {"application", unit.app},
          {"unit", unit.name}};
}

nlohmann::json topology_metadata(const Unit& unit) {
  auto metadata = topology(unit);
  metadata["charm_name"] = charm_name;
  return metadata;
}

std::string alert_rules(std::span<const EmbeddedFile> files, const Unit& unit) {
  std::string groups;
  for (const EmbeddedFile& file : files) {
    groups.append(groups.empty() ? "" : ",").append(file.content);
  }
  return groups.empty() ? "{}" : filled_in(R"({"groups":[)" + groups + "]}", values_of(unit));
}

void learn_event_errors(const Relation& relation, Facts& facts) {
  constexpr std::string_view key = "event";
  constexpr std::size_t longest_error = 1000;  // A syntax error in a rule is explained at length.
  const auto text = databag::value_of(relation.remote_app_data, key);
  if (text.empty()) {
    return;
  }
  const auto event = parse_json(text);
  if (!event || !event->is_object()) {
    facts.warnings.push_back(databag::warning(relation, key, "not a JSON object"));
    return;
  }
  const auto add = [&](const std::string& error) {
    if (!error.empty()) {
      facts.warnings.push_back(databag::warning(
          relation, key,
          relation.remote_app + " reports: " + databag::printable(error, longest_error)));
    }
  };
  add(databag::text_at(*event, "errors"));
  add(databag::text_at(*event, "scrape_job_errors"));
  if (event->contains("errors") && event->at("errors").is_array()) {
    for (const auto& element : event->at("errors")) {
      add(dashboard_error(element));
    }
  }
}

}  // namespace charm::cos
