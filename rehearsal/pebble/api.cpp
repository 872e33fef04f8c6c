// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"

#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

/// Who may use an endpoint. Over TCP only what is open to everybody.
enum class Need { nothing, reader, admin, nobody };

using Endpoint = HttpResponse (*)(const Call&);

struct Route {
  /// "{}" stands for any one segment.
  std::string path;
  Need read = Need::nothing;
  Endpoint get = nullptr;
  Need write = Need::admin;
  Endpoint post = nullptr;
};

HttpResponse not_implemented(const Call& /*call*/) {
  bad_request("not implemented");
}

/// What Pebble has there and a charm of the rehearsal does without.
HttpResponse refused(const Call& call) {
  not_supported(call.request.path);
}

/// Those of the file that the agent was started with.
HttpResponse get_identities(const Call& call) {
  Json list = Json::object();
  for (const auto& [name, identity] : call.agent.identities.all()) {
    list[name] = {{"access", to_string(identity.access)}, {"local", {{"user-id", identity.user}}}};
  }
  return sync_response(list);
}

const std::vector<Route>& routes() {
  static const std::vector<Route> table{
      {"/v1/system-info", Need::nothing, get_system_info},
      {"/v1/health", Need::nothing, get_health},
      {"/v1/changes", Need::reader, get_changes},
      {"/v1/changes/{}", Need::reader, get_change, Need::admin, post_change},
      {"/v1/changes/{}/wait", Need::reader, get_change_wait},
      {"/v1/services", Need::reader, get_services, Need::admin, post_services},
      {"/v1/services/{}", Need::reader, not_implemented, Need::admin, not_implemented},
      {"/v1/plan", Need::admin, get_plan},
      {"/v1/layers", Need::nothing, nullptr, Need::admin, post_layers},
      {"/v1/files", Need::admin, get_files, Need::admin, post_files},
      {"/v1/logs", Need::reader, get_logs},
      {"/v1/signals", Need::nothing, nullptr, Need::admin, post_signals},
      {"/v1/checks", Need::reader, get_checks, Need::admin, post_checks},
      {"/v1/checks/refresh", Need::nothing, nullptr, Need::admin, post_checks_refresh},
      {"/v1/notices", Need::reader, get_notices, Need::reader, post_notices},
      {"/v1/notices/{}", Need::reader, get_notice},
      {"/v1/exec", Need::nothing, nullptr, Need::admin, refused},
      {"/v1/tasks/{}/websocket/{}", Need::admin, refused},
      {"/v1/identities", Need::reader, get_identities, Need::admin, refused},
      {"/v1/metrics", Need::reader, refused},
      {"/v1/pairing", Need::nothing, nullptr, Need::nobody, refused}};
  return table;
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    segments.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return segments;
}

/// What stands for the variables of a pattern; none where the path does not match.
std::optional<std::vector<std::string>> match(const std::string& pattern, const std::string& path) {
  const std::vector<std::string> wanted = segments_of(pattern);
  const std::vector<std::string> given = segments_of(path);
  if (wanted.size() != given.size()) {
    return std::nullopt;
  }
  std::vector<std::string> variables;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{}" && !given[i].empty()) {
      variables.push_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return variables;
}

bool allows(Need need, std::optional<Access> access) {
  switch (need) {
    case Need::nothing:
      return true;
    case Need::reader:
      return access == Access::read || access == Access::admin;
    case Need::admin:
      return access == Access::admin;
    case Need::nobody:
      break;
  }
  return false;
}

HttpResponse call_route(const Route& route, Agent& agent, const HttpRequest& request,
                        const HttpStream& client, std::vector<std::string> variables) {
  const bool reading = request.method == "GET";
  const Endpoint endpoint = reading ? route.get : request.method == "POST" ? route.post : nullptr;
  if (endpoint == nullptr) {
    return error_response(405, "method " + go_quoted(request.method) + " not allowed");
  }
  const std::optional<Access> access =
      request.peer ? std::optional(agent.identities.of(*request.peer)) : std::nullopt;
  if (!allows(reading ? route.read : route.write, access)) {
    return error_response(401, "access denied", "login-required");
  }
  return endpoint(
      {agent, request, client, request.peer, access == Access::admin, std::move(variables)});
}

/// Go's router sends clients to the path without empty segments.
std::optional<std::string> cleaned_path(const std::string& path) {
  std::string clean = path;
  for (std::size_t at = clean.find("//"); at != std::string::npos; at = clean.find("//", at)) {
    clean.erase(at, 1);
  }
  return clean == path ? std::nullopt : std::optional(clean);
}

HttpResponse dispatch(Agent& agent, const HttpRequest& request, const HttpStream& client) {
  if (const auto clean = cleaned_path(request.path)) {
    return {.status = 301, .headers = {{"Location", *clean}}};
  }
  const std::string path = percent_decoded(request.path, false);
  for (const Route& route : routes()) {
    if (auto variables = match(route.path, path)) {
      return call_route(route, agent, request, client, std::move(*variables));
    }
  }
  return error_response(404, "invalid API endpoint requested");
}

Json envelope(const char* type, int status) {
  return {{"type", type}, {"status-code", status}, {"status", reason_phrase(status)}};
}

HttpResponse answer_or_refuse(Agent& agent, const HttpRequest& request, const HttpStream& client) {
  try {
    return dispatch(agent, request, client);
  } catch (const RequestError& error) {
    return error_response(error.status, error.what(), error.kind);
  } catch (const std::exception& error) {
    note(std::string("Internal error: ") + error.what());
    return error_response(500, error.what());
  }
}

/// Pebble leaves out what clients and Juju poll.
bool is_worth_a_note(const HttpRequest& request) {
  return request.method != "GET" ||
         (request.path != "/v1/system-info" && request.path != "/v1/health" &&
          request.path.rfind("/v1/changes/", 0) != 0);
}

}  // namespace

HttpResponse sync_response(Json result, int status) {
  Json body = envelope("sync", status);
  body["result"] = std::move(result);
  return {.status = status, .body = to_text(body)};
}

HttpResponse async_response(const Change& change) {
  Json body = envelope("async", 202);
  body["change"] = change.id;
  body["result"] = nullptr;
  return {.status = 202, .body = to_text(body)};
}

HttpResponse error_response(int status, const std::string& message, const std::string& kind) {
  Json body = envelope("error", status);
  body["result"] = {{"message", message}};
  if (!kind.empty()) {
    body["result"]["kind"] = kind;
  }
  return {.status = status, .body = to_text(body)};
}

HttpResponse answer(Agent& agent, const HttpRequest& request, const HttpStream& client) {
  HttpResponse response = answer_or_refuse(agent, request, client);
  if (is_worth_a_note(request)) {
    note(request.method + " " + request.path + " " + std::to_string(response.status) +
         (request.peer ? " (http+unix)" : " (http)"));
  }
  return response;
}

Duration duration_of(const std::string& text, const std::string& what) {
  try {
    return text.empty() ? Duration(0) : parse_duration(text);
  } catch (const std::invalid_argument& error) {
    bad_request("invalid " + what + ": " + error.what());
  }
}

}  // namespace rehearsal::pebble
