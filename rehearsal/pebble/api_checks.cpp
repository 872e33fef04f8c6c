// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <algorithm>

namespace rehearsal::pebble {
namespace {

std::string level_of(const Call& call) {
  std::string level = call.request.parameter("level");
  if (!level.empty() && level != "alive" && level != "ready") {
    bad_request("level must be \"alive\" or \"ready\"");
  }
  return level;
}

bool is_named(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

Json to_json(const CheckInfo& info) {
  Json json{{"name", info.name}};
  if (!info.level.empty()) {
    json["level"] = info.level;
  }
  json["startup"] = info.startup;
  json["status"] = info.status;
  json["successes"] = info.successes;
  if (info.failures != 0) {
    json["failures"] = info.failures;
  }
  json["threshold"] = info.threshold;
  if (!info.change_id.empty()) {
    json["change-id"] = info.change_id;
  }
  if (!info.prev_change_id.empty()) {
    json["prev-change-id"] = info.prev_change_id;
  }
  return json;
}

void require_in_plan(const Plan& plan, const std::string& action,
                     const std::vector<std::string>& names) {
  std::vector<std::string> missing;
  std::copy_if(names.begin(), names.end(), std::back_inserter(missing),
               [&](const std::string& name) { return !plan.checks.contains(name); });
  if (missing.empty()) {
    return;
  }
  std::sort(missing.begin(), missing.end());
  std::string list;
  for (const std::string& name : missing) {
    list += (list.empty() ? "" : ", ") + name;
  }
  bad_request("cannot " + action + " checks: cannot find checks in plan: " + list);
}

}  // namespace

HttpResponse get_health(const Call& call) {
  const std::string level = level_of(call);
  const std::vector<std::string> names = call.request.list("names");
  const auto held = call.agent.lock.hold();
  const std::vector<CheckInfo> checks = call.agent.checks.list();
  const bool healthy = std::none_of(checks.begin(), checks.end(), [&](const CheckInfo& info) {
    const bool at_level =
        level.empty() || level == info.level || (level == "ready" && info.level == "alive");
    return at_level && is_named(names, info.name) && info.status == "down";
  });
  return sync_response({{"healthy", healthy}}, healthy ? 200 : 502);
}

HttpResponse get_checks(const Call& call) {
  const std::string level = level_of(call);
  const std::vector<std::string> names = call.request.list("names");
  Json result = Json::array();
  const auto held = call.agent.lock.hold();
  for (const CheckInfo& info : call.agent.checks.list()) {
    if ((level.empty() || level == info.level) && is_named(names, info.name)) {
      result.push_back(to_json(info));
    }
  }
  return sync_response(result);
}

HttpResponse post_checks(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode data from request body");
  const std::string action = body.text("action");
  const std::vector<std::string> names = body.texts("checks");
  if (names.empty()) {
    bad_request("must specify checks for " + action + " action");
  }
  if (action != "start" && action != "stop") {
    bad_request("invalid action " + go_quoted(action));
  }
  const auto held = call.agent.lock.hold();
  require_in_plan(call.agent.plans.plan(), action, names);
  const auto changed =
      action == "start" ? call.agent.checks.start(names) : call.agent.checks.stop(names);
  return sync_response({{"changed", changed}});
}

HttpResponse post_checks_refresh(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode data from request body");
  const std::string name = body.text("name");
  if (name.empty()) {
    bad_request("must specify check name");
  }
  std::optional<Check> check;
  {
    const auto held = call.agent.lock.hold();
    const auto& checks = call.agent.plans.plan().checks;
    const auto found = checks.find(name);
    if (found == checks.end()) {
      not_found("cannot find check with name " + go_quoted(name));
    }
    check = found->second;
  }
  const Checks::Refreshed refreshed = call.agent.checks.refresh(*check);
  Json result{{"info", to_json(refreshed.info)}};
  if (refreshed.error) {
    result["error"] = *refreshed.error;
  }
  return sync_response(result);
}

}  // namespace rehearsal::pebble
