// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "alert_rules.hpp"

#include "databag_json.hpp"
#include "topology.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace charm::cos {

namespace {

constexpr std::string_view mark = "%%";

/// The text as it stands within a string of JSON.
std::string in_string(const std::string& text) {
  const std::string quoted = databag::dump_json(text);
  return quoted.substr(1, quoted.size() - 2);
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

/// The build lets no other name stand between two marks.
std::string filled_in(std::string_view text,
                      const std::map<std::string_view, std::string>& values) {
  std::string result;
  for (auto begin = text.find(mark); begin != std::string_view::npos; begin = text.find(mark)) {
    const auto end = text.find(mark, begin + mark.size());
    const auto name = text.substr(begin + mark.size(), end - begin - mark.size());
    result.append(text.substr(0, begin)).append(values.at(name));
    text.remove_prefix(end + mark.size());
  }
  return result.append(text);
}

}  // namespace

std::string alert_rules(std::span<const EmbeddedFile> files, const Unit& unit) {
  std::string groups;
  for (const EmbeddedFile& file : files) {
    groups.append(groups.empty() ? "" : ",").append(file.content);
  }
  return groups.empty() ? "{}" : filled_in(R"({"groups":[)" + groups + "]}", values_of(unit));
}

}  // namespace charm::cos
