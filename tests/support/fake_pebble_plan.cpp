// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/json_text.hpp"
#include "tests/support/fake_pebble.hpp"
#include "tests/support/fake_pebble_answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>

namespace test {
namespace {

using Json = nlohmann::json;

constexpr std::array durations = {"backoff-delay", "backoff-limit", "kill-delay", "period",
                                  "timeout"};

const std::map<std::string, std::set<std::string>>& known_keys() {
  static const std::map<std::string, std::set<std::string>> keys = {
      {"services",
       {"override", "summary", "command", "startup", "environment", "working-dir", "on-success",
        "on-failure", "backoff-delay", "backoff-limit", "kill-delay", "on-check-failure", "user-id",
        "group-id", "requires", "after", "before"}},
      {"checks", {"override", "level", "period", "timeout", "threshold", "startup", "http", "tcp"}},
      {"log-targets", {"override", "type", "location", "services", "labels"}}};
  return keys;
}

/// Reads a Go duration (`1m30s`, `500ms`) in milliseconds.
long milliseconds_of(const std::string& text) {
  static const std::regex whole("([0-9.]+(ms|h|m|s))+");
  static const std::regex unit("([0-9.]+)(ms|h|m|s)");
  static const std::map<std::string, double> factors = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  if (!std::regex_match(text, whole)) {
    throw PebbleRefusal{400, "cannot parse layer: invalid duration \"" + text + "\""};
  }
  double total = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), unit), end; match != end; ++match) {
    total += std::stod((*match)[1]) * factors.at((*match)[2]);
  }
  return std::lround(total);
}

/// Writes whole seconds the way Go does: `90000` is `1m30s`. Fractions stay milliseconds.
std::string go_duration(long milliseconds) {
  if (milliseconds < 1000) {
    return std::to_string(milliseconds) + "ms";
  }
  const long minutes = milliseconds / 60'000;
  std::string text = minutes >= 60 ? std::to_string(minutes / 60) + "h" : std::string();
  text += minutes > 0 ? std::to_string(minutes % 60) + "m" : std::string();
  std::string seconds = std::to_string(milliseconds % 60'000 / 1000);
  if (const long rest = milliseconds % 1000; rest != 0) {
    seconds += "." + std::to_string(1000 + rest).substr(1);
    seconds.erase(seconds.find_last_not_of('0') + 1);
  }
  return text + seconds + "s";
}

void check_entry(const std::string& section, const std::string& name, const Json& entry) {
  const std::string what = "plan " + section + " \"" + name + "\"";
  for (const auto& [key, value] : entry.items()) {
    if (known_keys().at(section).count(key) == 0) {
      throw PebbleRefusal{400, "cannot parse layer: field " + key + " not found in " + what};
    }
  }
  if (entry.value("override", "") != "replace") {
    throw PebbleRefusal{400, what + " must define \"override\" (this fake: as \"replace\")"};
  }
  if (section == "services" && entry.value("command", "").empty()) {
    throw PebbleRefusal{400, what + " must define \"command\""};
  }
  if (section == "checks" && entry.count("http") + entry.count("tcp") != 1) {
    throw PebbleRefusal{400, what + " must specify one of \"http\", \"tcp\""};
  }
  if (section == "log-targets" && entry.value("location", "").empty()) {
    throw PebbleRefusal{400, what + " must define \"location\""};
  }
}

void append_yaml(std::string& text, const Json& json, std::size_t indent) {
  const std::string margin(indent, ' ');
  for (const auto& [key, value] : json.items()) {
    text += margin + (json.is_array() ? "-" : charm::json_text(key) + ":");
    if (value.is_structured() && !value.empty()) {
      text += "\n";
      append_yaml(text, value, indent + 4);
    } else {
      text += " " + charm::json_text(value) + "\n";
    }
  }
}

}  // namespace

void check_layer(const Json& layer) {
  if (!layer.is_object()) {
    throw PebbleRefusal{400, "cannot parse layer YAML (this fake reads JSON only)"};
  }
  for (const auto& [section, entries] : layer.items()) {
    if (known_keys().count(section) == 0) {
      throw PebbleRefusal{400, "cannot parse layer: unknown section \"" + section + "\""};
    }
    for (const auto& [name, entry] : entries.items()) {
      check_entry(section, name, entry);
    }
  }
}

Json normalised(Json plan) {
  for (auto& [section, entries] : plan.items()) {
    for (auto& [name, entry] : entries.items()) {
      for (const char* key : durations) {
        if (entry.contains(key)) {
          entry[key] = go_duration(milliseconds_of(entry[key].get<std::string>()));
        }
      }
      if (section == "checks" && !entry.contains("threshold")) {
        entry["threshold"] = 3;
      }
    }
  }
  return plan;
}

std::string yaml_text(const Json& plan) {
  std::string text;
  append_yaml(text, plan, 0);
  return text.empty() ? "{}\n" : text;
}

Json FakePebble::add_layer(const Json& body) {
  const std::string label = body.value("label", "");
  const Json layer = Json::parse(body.value("layer", ""), nullptr, false);
  if (label.empty()) {
    throw PebbleRefusal{400, "label must be set"};
  }
  if (version.starts_with("v1.3.") && layer.contains("log-targets")) {
    throw PebbleRefusal{400, "cannot parse layer: field log-targets not found in plan.Layer"};
  }
  check_layer(layer);
  static_cast<void>(normalised(layer));  // Refuses bad durations.
  const auto found = std::find_if(state_->layers.begin(), state_->layers.end(),
                                  [&label](const auto& entry) { return entry.first == label; });
  if (found == state_->layers.end()) {
    state_->layers.emplace_back(label, layer);
    return true;
  }
  if (!body.value("combine", false)) {
    throw PebbleRefusal{400, "layer \"" + label + "\" already exists"};
  }
  for (const auto& [section, entries] : layer.items()) {
    found->second[section].update(entries);  // Every entry replaces the one of its name.
  }
  return true;
}

Json FakePebble::plan() const {
  Json plan = Json::object();
  for (const auto& [label, layer] : state_->layers) {
    for (const auto& [section, entries] : layer.items()) {
      plan[section].update(entries);
    }
  }
  return normalised(std::move(plan));
}

}  // namespace test
