// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/layers.hpp"
#include "rehearsal/pebble/refusal.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

enum class Kind { text, number, duration, list, map, object };

/// The keys of an entry, and of the values inside an entry.
using Keys = std::map<std::string_view, Kind>;

const Keys& keys_of(std::string_view what) {
  static const std::map<std::string_view, Keys> keys{{"services",
                                                      {{"override", Kind::text},
                                                       {"summary", Kind::text},
                                                       {"description", Kind::text},
                                                       {"command", Kind::text},
                                                       {"startup", Kind::text},
                                                       {"environment", Kind::map},
                                                       {"user-id", Kind::number},
                                                       {"group-id", Kind::number},
                                                       {"working-dir", Kind::text},
                                                       {"on-success", Kind::text},
                                                       {"on-failure", Kind::text},
                                                       {"on-check-failure", Kind::map},
                                                       {"backoff-delay", Kind::duration},
                                                       {"backoff-limit", Kind::duration},
                                                       {"kill-delay", Kind::duration}}},
                                                     {"checks",
                                                      {{"override", Kind::text},
                                                       {"level", Kind::text},
                                                       {"period", Kind::duration},
                                                       {"timeout", Kind::duration},
                                                       {"threshold", Kind::number},
                                                       {"http", Kind::object},
                                                       {"tcp", Kind::object}}},
                                                     {"http", {{"url", Kind::text}}},
                                                     {"tcp", {{"port", Kind::number}}},
                                                     {"log-targets",
                                                      {{"override", Kind::text},
                                                       {"type", Kind::text},
                                                       {"location", Kind::text},
                                                       {"services", Kind::list},
                                                       {"labels", Kind::map}}}};
  return keys.at(what);
}

std::string text_of(const YAML::Node& node, const std::string& where) {
  if (!node.IsScalar() && !node.IsNull()) {
    bad_request(where + " is not a string");
  }
  return node.IsNull() ? "" : node.Scalar();
}

Json number_of(const YAML::Node& node, const std::string& where) {
  const std::string text = text_of(node, where);
  if (node.Tag() == "!" || text.empty() || text.size() > 9 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    bad_request(where + " is not a whole number");
  }
  return std::stol(text);
}

void require_map(const YAML::Node& node, const std::string& where) {
  if (!node.IsMap() && !node.IsNull()) {
    bad_request(where + " is not a map");
  }
}

Json object_of(const YAML::Node& node, const Keys& keys, const std::string& where);

Json list_of(const YAML::Node& node, const std::string& where) {
  if (!node.IsSequence()) {
    bad_request(where + " is not a list");
  }
  Json list = Json::array();
  for (const YAML::Node& item : node) {
    list.push_back(text_of(item, where));
  }
  return list;
}

Json map_of(const YAML::Node& node, const std::string& where) {
  require_map(node, where);
  Json map = Json::object();
  for (const auto& entry : node) {
    map[entry.first.Scalar()] = text_of(entry.second, where + "." + entry.first.Scalar());
  }
  return map;
}

Json value_of(const YAML::Node& node, Kind kind, std::string_view key, const std::string& where) {
  switch (kind) {
    case Kind::text:
      return text_of(node, where);
    case Kind::number:
      return number_of(node, where);
    case Kind::duration:
      return format_duration(parse_duration(text_of(node, where)));
    case Kind::list:
      return list_of(node, where);
    case Kind::map:
      return map_of(node, where);
    case Kind::object:
      return object_of(node, keys_of(key), where);
  }
  return {};
}

Json object_of(const YAML::Node& node, const Keys& keys, const std::string& where) {
  require_map(node, where);
  Json object = Json::object();
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    const auto known = keys.find(key);
    if (known == keys.end()) {
      bad_request("field " + key + " not found in " + where +
                  ", or not supported by the stand-in for Pebble");
    }
    if (entry.second.IsNull()) {
      continue;
    }
    Json value = value_of(entry.second, known->second, key, where + "." + key);
    const bool unset = value == "" || (value.is_structured() && value.empty());
    if (!unset || known->second == Kind::object) {
      object[key] = std::move(value);
    }
  }
  return object;
}

bool is_section(const std::string& name) {
  return name == "services" || name == "checks" || name == "log-targets";
}

Json section_of(const YAML::Node& node, const std::string& name) {
  require_map(node, name);
  Json section = Json::object();
  for (const auto& entry : node) {
    const std::string entry_name = entry.first.Scalar();
    if (entry_name.empty() || !entry.second.IsMap()) {
      bad_request("the entry " + in_quotes(entry_name) + " of " + name + " is not a map");
    }
    section[entry_name] = object_of(entry.second, keys_of(name), name + "." + entry_name);
  }
  return section;
}

Json sections_of(const YAML::Node& document) {
  require_map(document, "the layer");
  Json layer = Json::object();
  for (const auto& entry : document) {
    const std::string name = entry.first.Scalar();
    if (is_section(name)) {
      layer[name] = section_of(entry.second, name);
    } else if (name != "summary" && name != "description") {
      bad_request("unknown section " + in_quotes(name));
    }
  }
  return layer;
}

}  // namespace

Entries read_layer(const std::string& label, const std::string& yaml) {
  try {
    return sections_of(YAML::Load(yaml));
  } catch (const YAML::Exception& error) {
    bad_request("cannot parse layer " + in_quotes(label) + ": line " +
                std::to_string(error.mark.line + 1) + ": " + error.msg);
  } catch (const Refusal& refusal) {
    bad_request("cannot parse layer " + in_quotes(label) + ": " + refusal.what());
  }
}

}  // namespace rehearsal::pebble
