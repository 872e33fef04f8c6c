// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "hook_answers.hpp"

#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <limits>
#include <optional>

namespace charm::juju::answers {
namespace {

using Json = nlohmann::json;

Json parse(const std::string& text) {
  auto json = parse_json(text);
  if (!json) {
    throw WrongShape("the answer is not JSON");
  }
  return *std::move(json);
}

/// Parses and checks the type; `null` is an empty value of that type.
Json parse(const std::string& text, Json::value_t type) {
  Json json = parse(text);
  if (json.is_null()) {
    return Json(type);
  }
  if (json.type() != type) {
    throw WrongShape(std::string("the answer is not of the JSON type ") + Json(type).type_name());
  }
  return json;
}

const std::string& as_string(const Json& json) {
  if (!json.is_string()) {
    throw WrongShape("the answer has something else where a string must be");
  }
  return json.get_ref<const std::string&>();
}

ConfigValue option(const Json& json) {
  if (json.is_boolean()) {
    return json.get<bool>();
  }
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return json.get<double>();
  }
  if (json.is_number_integer()) {
    return json.get<std::int64_t>();
  }
  if (json.is_number_float()) {
    return json.get<double>();
  }
  return as_string(json);
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
  return whole ? std::optional(value) : std::nullopt;
}

const Json& member(const Json& json, const char* name) {
  static const Json null;
  const auto found = json.find(name);  // end() if this is not an object.
  return found == json.end() ? null : *found;
}

const Json& first(const Json& json) {
  static const Json null;
  return json.is_array() && !json.empty() ? json.front() : null;
}

}  // namespace

bool boolean(const std::string& text) {
  const Json json = parse(text);
  if (!json.is_boolean()) {
    throw WrongShape("the answer is neither true nor false");
  }
  return json.get<bool>();
}

std::string string(const std::string& text) {
  return parse(text, Json::value_t::string);
}

std::vector<std::string> strings(const std::string& text) {
  std::vector<std::string> values;
  for (const Json& json : parse(text, Json::value_t::array)) {
    values.push_back(as_string(json));
  }
  return values;
}

Databag databag(const std::string& text) {
  Databag bag;
  const Json json = parse(text, Json::value_t::object);
  for (const auto& [key, value] : json.items()) {
    bag.emplace(key, as_string(value));
  }
  return bag;
}

std::map<std::string, ConfigValue> config(const std::string& text) {
  std::map<std::string, ConfigValue> options;
  const Json json = parse(text, Json::value_t::object);
  for (const auto& [name, value] : json.items()) {
    if (!value.is_null()) {
      options.emplace(name, option(value));
    }
  }
  return options;
}

std::vector<int> relation_ids(const std::string& text) {
  std::vector<int> ids;
  for (const std::string& name : strings(text)) {
    const auto id = whole_number(std::string_view(name).substr(name.rfind(':') + 1));
    if (!id) {
      throw WrongShape("the answer has something else where a relation id must be");
    }
    ids.push_back(*id);
  }
  return ids;
}

std::set<int> tcp_ports(const std::string& text) {
  constexpr std::string_view suffix = "/tcp";
  std::set<int> ports;
  for (const std::string& range : strings(text)) {
    const auto number = std::string_view(range).substr(0, range.find('/'));
    const auto port = whole_number(number);
    if (port && std::string_view(range).substr(number.size()) == suffix) {
      ports.insert(*port);
    }
  }
  return ports;
}

std::string bind_address(const std::string& text) {
  const Json json = parse(text, Json::value_t::object);
  const Json& interface = first(member(json, "bind-addresses"));
  const Json& address = member(first(member(interface, "addresses")), "value");
  return address.is_null() ? std::string() : as_string(address);
}

std::string object(const std::string& text) {
  return parse(text, Json::value_t::object).dump();
}

}  // namespace charm::juju::answers
