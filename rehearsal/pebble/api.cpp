// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <sstream>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& json) {
  // A service's output may have bytes that are not UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ApiAnswer error_answer(int status, const std::string& message, const std::string& kind = {}) {
  Json result{{"message", message}};
  if (!kind.empty()) {
    result["kind"] = kind;
  }
  return {.status = status,
          .body = text_of({{"type", "error"},
                           {"status-code", status},
                           {"status", "Error"},
                           {"result", std::move(result)}})};
}

ApiAnswer get_system_info(Agent& agent, const Call& /*call*/) {
  return sync_answer({{"boot-id", agent.boot_id}, {"version", agent.version}});
}

ApiAnswer get_health(Agent& agent, const Call& call) {
  const bool healthy = Checks::healthy(agent.checks.list(), call.parameter("level"));
  return sync_answer({{"healthy", healthy}}, healthy ? 200 : 502);
}

ApiAnswer get_identities(Agent& agent, const Call& /*call*/) {
  Json list = Json::object();
  for (const auto& [name, user] : agent.identities) {
    list[name] = {{"access", "admin"}, {"local", {{"user-id", user}}}};
  }
  return sync_answer(list);
}

ApiAnswer get_plan(Agent& agent, const Call& call) {
  if (call.parameter("format") != "yaml") {
    bad_request("invalid format " + in_quotes(call.parameter("format")));
  }
  return sync_answer(plan_text(agent.plans.plan()));
}

ApiAnswer post_layers(Agent& agent, const Call& call) {
  const Json body =
      body_of(call.request.body, {"action", "combine", "label", "format", "layer", "inner"});
  if (body.value("action", "") != "add" || body.value("format", "") != "yaml") {
    bad_request("a layer must have the action \"add\" and the format \"yaml\"");
  }
  if (body.value("label", "").empty()) {
    bad_request("label must be set");
  }
  agent.plans.add(body.at("label"), body.value("layer", ""), body.value("combine", false));
  return sync_answer(true);
}

ApiAnswer get_services(Agent& agent, const Call& call) {
  const std::vector<std::string> names = call.list("names");
  Json list = Json::array();
  for (const auto& [name, definition] : agent.plans.section("services").items()) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      continue;
    }
    const Service* service = agent.services.find(name);
    Json json{{"name", name},
              {"startup", definition.value("startup", "disabled")},
              {"current", service == nullptr ? "inactive" : service->current()}};
    if (service != nullptr && service->current_since()) {
      json["current-since"] = format_time(*service->current_since());
    }
    list.push_back(std::move(json));
  }
  return sync_answer(list);
}

ApiAnswer post_services(Agent& agent, const Call& call) {
  const Json body = body_of(call.request.body, {"action", "services"});
  const std::string action = body.value("action", "");
  const auto names = body.value("services", std::vector<std::string>());
  if (action == "replan" && !names.empty()) {
    bad_request("replan accepts no service names");
  }
  const Change& change = agent.services.act(action, names);
  return {.status = 202,
          .body = text_of({{"type", "async"},
                           {"status-code", 202},
                           {"status", "Accepted"},
                           {"change", change.id},
                           {"result", nullptr}})};
}

ApiAnswer post_signals(Agent& agent, const Call& call) {
  const Json body = body_of(call.request.body, {"signal", "services"});
  const auto names = body.value("services", std::vector<std::string>());
  if (names.empty()) {
    bad_request("must specify one or more services");
  }
  agent.services.send_signal(names, body.value("signal", ""));
  return sync_answer(true);
}

ApiAnswer get_checks(Agent& agent, const Call& call) {
  const std::vector<std::string> names = call.list("names");
  Json result = Json::array();
  for (const Json& check : agent.checks.list()) {
    if (names.empty() || std::find(names.begin(), names.end(), check.at("name")) != names.end()) {
      result.push_back(check);
    }
  }
  return sync_answer(result);
}

ApiAnswer get_changes(Agent& agent, const Call& call) {
  if (call.parameter("select") != "all") {
    not_supported("changes without select=all");
  }
  Json result = Json::array();
  for (const auto& change : agent.changes.all()) {
    result.push_back(json_of(*change));
  }
  return sync_answer(result);
}

/// /v1/changes/ID and /v1/changes/ID/wait
ApiAnswer get_change(Agent& agent, const Call& call) {
  constexpr std::string_view wait = "/wait";
  std::string id = call.path.substr(std::string_view("/v1/changes/").size());
  const bool waits = id.ends_with(wait);
  id.erase(waits ? id.size() - wait.size() : id.size());
  const Change* change = agent.changes.find(id);
  if (change == nullptr) {
    throw Refusal(404, "cannot find change with id " + in_quotes(id), "not-found");
  }
  if (waits) {
    const std::string text = call.parameter("timeout");
    const auto limit = text.empty() ? std::nullopt : std::optional(parse_duration(text));
    if (!agent.machine.wait(limit, [change] { return change->ready_time.has_value(); })) {
      throw Refusal(504, "timed out waiting for change after " + text);
    }
  }
  return sync_answer(json_of(*change));
}

ApiAnswer get_notices(Agent& agent, const Call& call) {
  const std::vector<std::string> types = call.list("types");
  if (call.parameter("users") != "all" ||
      std::find(types.begin(), types.end(), "change-update") == types.end()) {
    not_supported("notices without users=all and types=change-update");
  }
  Json result = Json::array();
  for (const Change* change : agent.changes.noticed_after(call.parameter("after"))) {
    result.push_back(notice_json(*change));
  }
  return sync_answer(result);
}

/// Returns the next line of several services' output by time, and advances the cursor of its
/// service.
std::optional<LogEntry> next_line(const Services& services,
                                  std::map<std::string, LogCursor>& cursors) {
  std::optional<LogEntry> earliest;
  LogCursor moved;
  for (const auto& [name, cursor] : cursors) {
    LogCursor after = cursor;
    auto entry = services.log(name)->next(after);
    if (entry && (!earliest || entry->time < earliest->time)) {
      earliest = std::move(entry);
      moved = after;
    }
  }
  if (earliest) {
    cursors[earliest->service] = moved;
  }
  return earliest;
}

ApiAnswer get_logs(Agent& agent, const Call& call) {
  const std::string count = call.parameter("n");
  if (count.empty() || count.size() > 6 ||
      count.find_first_not_of("0123456789") != std::string::npos) {
    not_supported("logs without a whole number \"n\"");
  }
  std::vector<std::string> names = call.list("services");
  if (names.empty()) {
    for (const auto& [name, definition] : agent.plans.section("services").items()) {
      names.push_back(name);
    }
  }
  std::map<std::string, LogCursor> cursors;
  for (const std::string& name : names) {
    if (const LogRing* log = agent.services.log(name)) {
      cursors[name] = log->oldest();
    }
  }
  std::deque<std::string> lines;
  while (const auto entry = next_line(agent.services, cursors)) {
    lines.push_back(text_of({{"time", format_time_milliseconds(entry->time)},
                             {"service", entry->service},
                             {"message", entry->message}}) +
                    "\n");
    if (lines.size() > std::stoul(count)) {
      lines.pop_front();
    }
  }
  ApiAnswer result{.content_type = "application/x-ndjson"};
  for (const std::string& line : lines) {
    result.body += line;
  }
  return result;
}

struct Route {
  std::string method;
  std::string path;
  /// The supported parameters of the query.
  std::vector<std::string> parameters;
  ApiAnswer (*answer)(Agent&, const Call&);
};

const std::vector<Route>& routes() {
  static const std::vector<Route> table{
      {"GET", "/v1/system-info", {}, get_system_info},
      {"GET", "/v1/health", {"level"}, get_health},
      {"GET", "/v1/identities", {}, get_identities},
      {"GET", "/v1/plan", {"format"}, get_plan},
      {"POST", "/v1/layers", {}, post_layers},
      {"GET", "/v1/services", {"names"}, get_services},
      {"POST", "/v1/services", {}, post_services},
      {"POST", "/v1/signals", {}, post_signals},
      {"GET", "/v1/checks", {"names"}, get_checks},
      {"GET", "/v1/changes", {"select"}, get_changes},
      {"GET", "/v1/changes/", {"timeout"}, get_change},
      {"GET", "/v1/notices", {"users", "types", "after"}, get_notices},
      {"GET", "/v1/logs", {"n", "services"}, get_logs}};
  return table;
}

std::string percent_decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      plain += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

Call taken_apart(const ApiRequest& request) {
  Call call{.request = request, .path = request.target.substr(0, request.target.find('?'))};
  auto start = request.target.find('?');
  while (start != std::string::npos) {
    const auto end = request.target.find('&', start + 1);
    const std::string pair = request.target.substr(start + 1, end - start - 1);
    const auto equals = std::min(pair.find('='), pair.size());
    call.query.emplace(percent_decoded(pair.substr(0, equals)),
                       percent_decoded(pair.substr(std::min(equals + 1, pair.size()))));
    start = end;
  }
  return call;
}

const Route& route_of(const Call& call) {
  const std::string what = call.request.method + " " + call.path;
  for (const Route& route : routes()) {
    const bool same =
        route.path.ends_with('/') ? call.path.starts_with(route.path) : call.path == route.path;
    if (!same || route.method != call.request.method) {
      continue;
    }
    for (const auto& [name, value] : call.query) {
      if (std::find(route.parameters.begin(), route.parameters.end(), name) ==
          route.parameters.end()) {
        not_supported("the parameter " + in_quotes(name) + " of " + what);
      }
    }
    return route;
  }
  throw Refusal(404, "not supported by the stand-in for Pebble: " + what);
}

ApiAnswer answer_or_throw(Agent& agent, const ApiRequest& request) {
  const Call call = taken_apart(request);
  if (request.from_outside && call.path != "/v1/health" && call.path != "/v1/system-info") {
    throw Refusal(401, "access denied", "login-required");
  }
  if (call.path == "/v1/files") {
    return answer_files(agent.files, call);
  }
  const Route& route = route_of(call);
  const std::unique_lock held(agent.machine.lock);
  return route.answer(agent, call);
}

}  // namespace

Agent::Agent(Machine& machine_below, FileSystem& file_system)
    : machine(machine_below),
      files(file_system),
      changes([this] { machine.wake(); }),
      services(machine, changes, plans),
      checks(machine, changes, [this](const std::string& check) { services.check_failed(check); }) {
  plans.on_change(
      [this](const Entries& /*plan*/) { checks.plan_changed(plans.section("checks")); });
}

std::string Call::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::vector<std::string> Call::parameters(const std::string& name) const {
  std::vector<std::string> values;
  const auto [first, last] = query.equal_range(name);
  std::transform(first, last, std::back_inserter(values),
                 [](const auto& entry) { return entry.second; });
  return values;
}

std::vector<std::string> Call::list(const std::string& name) const {
  std::vector<std::string> values;
  std::istringstream text(parameter(name));
  for (std::string value; std::getline(text, value, ',');) {
    values.push_back(value);
  }
  return values;
}

Json body_of(const std::string& body, const std::vector<std::string>& known) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) {
    bad_request("cannot decode request body: it is not a JSON object");
  }
  for (const auto& [name, value] : json.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      not_supported("the member " + in_quotes(name) + " of a request");
    }
  }
  return json;
}

ApiAnswer sync_answer(const Json& result, int status) {
  return {.status = status,
          .body = text_of({{"type", "sync"},
                           {"status-code", status},
                           {"status", status == 200 ? "OK" : "Bad Gateway"},
                           {"result", result}})};
}

ApiAnswer answer(Agent& agent, const ApiRequest& request) {
  try {
    return answer_or_throw(agent, request);
  } catch (const Refusal& refusal) {
    return error_answer(refusal.status, refusal.what(), refusal.kind);
  } catch (const Json::exception& error) {
    return error_answer(400, std::string("cannot decode request body: ") + error.what());
  }
}

}  // namespace rehearsal::pebble
