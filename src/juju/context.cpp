// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/context.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <unistd.h>

namespace charm::juju {
namespace {

using Environment = std::map<std::string, std::string>;

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

/// Reads `database:3` or `3`.
std::optional<int> relation_number(std::string_view text) {
  const auto colon = text.rfind(':');
  return number(colon == std::string_view::npos ? text : text.substr(colon + 1));
}

/// Returns the text after the prefix, or an empty text if the path has a different prefix.
std::string after_prefix(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) ? std::string(path.substr(prefix.size())) : std::string();
}

std::map<std::string, std::string> proxies_of(const Environment& environment) {
  std::map<std::string, std::string> proxies;
  std::copy_if(environment.begin(), environment.end(), std::inserter(proxies, proxies.end()),
               [](const auto& variable) {
                 return variable.first.starts_with("JUJU_CHARM_") &&
                        variable.first.ends_with("_PROXY") && !variable.second.empty();
               });
  return proxies;
}

}  // namespace

Context Context::from(const std::map<std::string, std::string>& environment) {
  Context context;
  const auto variable = [&environment](const char* name) { return value_of(environment, name); };
  context.dispatch_path = variable("JUJU_DISPATCH_PATH");
  // JUJU_HOOK_NAME has the same value in hooks, and is empty in actions.
  context.hook_name = after_prefix(context.dispatch_path, "hooks/");
  context.action_name = after_prefix(context.dispatch_path, "actions/");
  context.unit_name = variable("JUJU_UNIT_NAME");
  context.model_name = variable("JUJU_MODEL_NAME");
  context.model_uuid = variable("JUJU_MODEL_UUID");
  context.charm_dir = variable("JUJU_CHARM_DIR");
  context.relation_endpoint = variable("JUJU_RELATION");
  context.relation_id = relation_number(variable("JUJU_RELATION_ID"));
  if (context.hook_name.ends_with("-relation-broken")) {
    context.broken_relation = context.relation_id;
  }
  context.leaving =
      !context.unit_name.empty() && variable("JUJU_DEPARTING_UNIT") == context.unit_name;
  context.secret_id = variable("JUJU_SECRET_ID");
  context.secret_revision = number(variable("JUJU_SECRET_REVISION"));
  context.proxies = proxies_of(environment);
  return context;
}

Goal Context::goal() const {
  return hook_name == "stop" || hook_name == "remove" ? Goal::stop : Goal::run;
}

bool Context::announces_no_change() const {
  return hook_name == "update-status" || !action_name.empty();
}

bool Context::begins_anew() const {
  return hook_name == "install" || hook_name == "start" || hook_name == "upgrade-charm";
}

bool Context::concerns_us() const {
  // Metrics hooks run without most hook tools (before Juju 3.6.11). The leader events reach a unit
  // that has lost leadership and cannot act.
  static constexpr std::array<std::string_view, 4> dead = {
      "collect-metrics", "meter-status-changed", "leader-deposed", "leader-settings-changed"};
  if (unit_name.empty() || (hook_name.empty() && action_name.empty())) {
    return false;
  }
  return std::find(dead.begin(), dead.end(), hook_name) == dead.end();
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

}  // namespace charm::juju
