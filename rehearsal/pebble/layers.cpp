// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/layers.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <regex>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

/// Texts and numbers replace; lists are appended, and maps are merged.
void merge_entry(Json& into, const Json& from) {
  for (const auto& [key, value] : from.items()) {
    Json& target = into[key];
    if (key == "override" && !target.is_null()) {
      continue;
    }
    if (target.is_array()) {
      target.insert(target.end(), value.begin(), value.end());
    } else if (target.is_object()) {
      target.update(value);
    } else {
      target = value;
    }
  }
}

void require_one_of(const std::string& where, const std::string& value,
                    const std::vector<std::string>& known) {
  if (!value.empty() && std::find(known.begin(), known.end(), value) == known.end()) {
    bad_request(where + " " + in_quotes(value) +
                " is invalid, or not supported by the stand-in for Pebble");
  }
}

void check_service(const std::string& name, const Json& service) {
  const std::string what = "plan service " + in_quotes(name);
  if (name == "pebble" || name.starts_with("-")) {
    bad_request("cannot use service name " + in_quotes(name));
  }
  if (!service.contains("command")) {
    bad_request("plan must define \"command\" for service " + in_quotes(name));
  }
  split_command(service.at("command"));
  require_one_of(what + " startup", service.value("startup", ""), {"enabled", "disabled"});
  require_one_of(what + " on-success action", service.value("on-success", ""),
                 {"restart", "ignore"});
  require_one_of(what + " on-failure action", service.value("on-failure", ""),
                 {"restart", "ignore"});
  const auto actions = service.value("on-check-failure", TextMap());
  for (const auto& [check, action] : actions) {
    require_one_of(what + " on-check-failure action", action, {"restart", "ignore"});
  }
}

void check_check(const std::string& name, const Json& check) {
  const std::string what = "plan check " + in_quotes(name);
  require_one_of(what + " level", check.value("level", ""), {"alive", "ready"});
  for (const char* key : {"period", "timeout"}) {
    if (check.value(key, "") == "0s") {
      bad_request(what + " " + key + " must not be zero");
    }
  }
  if (check.count("http") + check.count("tcp") != 1) {
    bad_request("plan must specify one of \"http\", \"tcp\", or \"exec\" for check " +
                in_quotes(name));
  }
  if (check.contains("http") && !check.at("http").value("url", "").starts_with("http://")) {
    bad_request("plan must set \"url\" for http check " + in_quotes(name) +
                "; the stand-in for Pebble supports only http://");
  }
  if (check.contains("tcp") && check.at("tcp").value("port", 0) == 0) {
    bad_request("plan must set \"port\" for tcp check " + in_quotes(name));
  }
}

void check_labels(const std::string& name, const Json& target) {
  const auto labels = target.value("labels", TextMap());
  for (const auto& [label, value] : labels) {
    if (label.starts_with("pebble_")) {
      bad_request("log target " + in_quotes(name) + ": label " + in_quotes(label) +
                  " uses reserved prefix \"pebble_\"");
    }
    if (value.find('$') != std::string::npos) {
      not_supported("the label " + in_quotes(label) + " of log target " + in_quotes(name) +
                    " with a variable in it");
    }
  }
}

void check_log_target(const Json& plan, const std::string& name, const Json& target) {
  if (target.value("type", "") != "loki") {
    bad_request("log target " + in_quotes(name) + " has no type, or the type " +
                in_quotes(target.value("type", "")) + ", which the stand-in does not support");
  }
  if (!target.contains("location")) {
    bad_request("plan must define \"location\" for log target " + in_quotes(name));
  }
  const Json services = plan.value("services", Json::object());
  for (const std::string entry : target.value("services", Json::array())) {
    const std::string service = entry.starts_with("-") ? entry.substr(1) : entry;
    if (service != "all" && !services.contains(service)) {
      bad_request("log target " + in_quotes(name) + " specifies unknown service " +
                  in_quotes(service));
    }
  }
  check_labels(name, target);
}

/// Omits quotes only if every reader reads exactly this text.
void write_text(YAML::Emitter& out, const std::string& text) {
  static const std::regex plain("[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*");
  static const std::regex other("true|false|null|yes|no|on|off|y|n", std::regex::icase);
  if (!std::regex_match(text, plain) || std::regex_match(text, other)) {
    out << YAML::DoubleQuoted;
  }
  out << text;
}

void write_value(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      out << YAML::Key;
      write_text(out, key);
      out << YAML::Value;
      write_value(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const Json& item : value) {
      write_value(out, item);
    }
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    write_text(out, value.get<std::string>());
  } else {
    out << value.get<long>();
  }
}

Json plan_of(const std::vector<std::pair<std::string, Entries>>& layers) {
  constexpr int default_threshold = 3;
  Json plan = Json::object();
  for (const auto& [label, layer] : layers) {
    put_on_top(plan, layer, label);
  }
  if (plan.contains("checks")) {
    for (auto& check : plan["checks"]) {
      check.emplace("threshold", default_threshold);
    }
  }
  check_plan(plan);
  return plan;
}

std::optional<Duration> duration_in(const Json& service, const char* key) {
  return service.contains(key) ? std::optional(parse_duration(service.at(key))) : std::nullopt;
}

}  // namespace

void put_on_top(Entries& lower, const Entries& layer, const std::string& label) {
  for (const auto& [section, entries] : layer.items()) {
    for (const auto& [name, entry] : entries.items()) {
      const std::string mode = entry.value("override", "");
      if (mode != "replace" && mode != "merge") {
        bad_request("layer " + in_quotes(label) + " must define \"override\" as \"replace\" or " +
                    "\"merge\" for " + section + " " + in_quotes(name));
      }
      Json& target = lower[section][name];
      if (mode == "merge" && !target.is_null()) {
        merge_entry(target, entry);
      } else {
        target = entry;
      }
    }
  }
}

void check_plan(const Entries& plan) {
  for (const auto& [section, entries] : plan.items()) {
    for (const auto& [name, entry] : entries.items()) {
      if (section == "services") {
        check_service(name, entry);
      } else if (section == "checks") {
        check_check(name, entry);
      } else {
        check_log_target(plan, name, entry);
      }
    }
  }
}

std::string plan_text(const Entries& plan) {
  YAML::Emitter out;
  out.SetIndent(4);
  write_value(out, plan);
  return std::string(out.c_str()) + "\n";
}

Plans::Plans() : plan_(std::make_unique<Entries>(Json::object())) {}

Plans::~Plans() = default;

void Plans::add(const std::string& label, const std::string& yaml, bool combine) {
  const Entries layer = read_layer(label, yaml);
  auto layers = layers_;
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&label](const auto& other) { return other.first == label; });
  if (found == layers.end()) {
    layers.emplace_back(label, layer);
  } else if (combine) {
    put_on_top(found->second, layer, label);
  } else {
    bad_request("layer " + in_quotes(label) + " already exists");
  }
  *plan_ = plan_of(layers);
  layers_ = std::move(layers);
  for (const Listener& listener : listeners_) {
    listener(*plan_);
  }
}

const Entries& Plans::section(const std::string& name) const {
  static const Json none = Json::object();
  const auto found = plan_->find(name);
  return found == plan_->end() ? none : *found;
}

ServiceSettings service_settings(const Entries& service) {
  ServiceSettings settings;
  settings.command = service.at("command");
  settings.environment = service.value("environment", TextMap());
  settings.working_dir = service.value("working-dir", "");
  if (service.contains("user-id")) {
    settings.user = service.at("user-id").get<uid_t>();
  }
  if (service.contains("group-id")) {
    settings.group = service.at("group-id").get<gid_t>();
  }
  settings.restarts_on_success = service.value("on-success", "restart") == "restart";
  settings.restarts_on_failure = service.value("on-failure", "restart") == "restart";
  settings.backoff_delay = duration_in(service, "backoff-delay").value_or(settings.backoff_delay);
  settings.backoff_limit = duration_in(service, "backoff-limit").value_or(settings.backoff_limit);
  settings.kill_delay = duration_in(service, "kill-delay").value_or(settings.kill_delay);
  return settings;
}

std::vector<std::string> split_command(const std::string& command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    char character = command[i];
    const bool blank = character == ' ' || character == '\t' || character == '\n';
    if (quote == '\0' && blank) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (character == quote) {
      quote = '\0';
    } else if (quote == '\0' && (character == '\'' || character == '"')) {
      quote = character;
    } else {
      if (character == '\\' && quote != '\'' && ++i < command.size()) {
        character = command[i];
      }
      words.back() += character;
    }
  }
  if (quote != '\0' || words.empty()) {
    bad_request("the command " + in_quotes(command) + " is empty or has an unclosed quote");
  }
  const auto odd = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return word == "[" || word == "]" || word.starts_with('#');
  });
  if (odd != words.end()) {
    not_supported("the word " + in_quotes(*odd) + " in a command");
  }
  return words;
}

}  // namespace rehearsal::pebble
