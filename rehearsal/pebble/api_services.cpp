// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/layer_reader.hpp"
#include "rehearsal/pebble/plan_writer.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

bool forbids_names(const std::string& action) {
  return action == "replan" || action == "autostart";
}

bool is_action(const std::string& action) {
  static constexpr std::array<std::string_view, 5> actions{"start", "stop", "restart", "replan",
                                                           "autostart"};
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

void require_names(const std::string& action, const std::vector<std::string>& names) {
  if (forbids_names(action) && !names.empty()) {
    bad_request(action + " accepts no service names");
  }
  if (!forbids_names(action) && names.empty()) {
    bad_request("must specify services for " + action + " action");
  }
  if (!is_action(action)) {
    bad_request("invalid action " + go_quoted(action));
  }
}

Change& change_services(Agent& agent, const std::string& action,
                        const std::vector<std::string>& names) {
  if (action == "replan") {
    Change& change = agent.services.replan();
    agent.checks.replan();
    return change;
  }
  return agent.services.act(action, names);
}

}  // namespace

HttpResponse get_services(const Call& call) {
  Json result = Json::array();
  const auto held = call.agent.lock.hold();
  for (const ServiceInfo& info : call.agent.services.list(call.request.list("names"))) {
    Json json{{"name", info.name}, {"startup", info.startup}, {"current", info.current}};
    if (info.current_since) {
      json["current-since"] = format_time(*info.current_since);
    }
    result.push_back(json);
  }
  return sync_response(result);
}

HttpResponse post_services(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode data from request body");
  const std::string action = body.text("action");
  std::vector<std::string> names = body.texts("services");
  require_names(action, names);
  const auto held = call.agent.lock.hold();
  if (action == "autostart") {
    names = call.agent.services.enabled();
    if (names.empty()) {
      return error_response(400, "no default services", "no-default-services");
    }
  }
  try {
    return async_response(change_services(call.agent, action, names));
  } catch (const LayerError& error) {
    bad_request("cannot " + action + " services: " + error.what());
  }
}

HttpResponse post_signals(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode request body");
  const std::vector<std::string> names = body.texts("services");
  if (names.empty()) {
    bad_request("must specify one or more services");
  }
  const auto held = call.agent.lock.hold();
  try {
    call.agent.services.send_signal(names, body.text("signal"));
  } catch (const std::invalid_argument& error) {
    throw RequestError(500, error.what());
  }
  return sync_response(true);
}

HttpResponse get_plan(const Call& call) {
  const std::string format = call.request.parameter("format");
  if (format != "yaml") {
    bad_request("invalid format " + go_quoted(format));
  }
  const auto held = call.agent.lock.hold();
  return sync_response(write_plan(call.agent.plans.plan()));
}

HttpResponse post_layers(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode request body");
  const std::string label = body.text("label");
  if (body.text("action") != "add") {
    bad_request("invalid action " + go_quoted(body.text("action")));
  }
  if (label.empty()) {
    bad_request("label must be set");
  }
  if (body.text("format") != "yaml") {
    bad_request("invalid format " + go_quoted(body.text("format")));
  }
  Layer layer;
  try {
    layer = read_layer(label, body.text("layer"));
  } catch (const LayerError& error) {
    bad_request(std::string("cannot parse layer YAML: ") + error.what());
  }
  const auto held = call.agent.lock.hold();
  try {
    call.agent.plans.add(std::move(layer), body.flag("combine"), body.flag("inner"));
  } catch (const LayerError& error) {
    bad_request(error.what());
  }
  return sync_response(true);
}

}  // namespace rehearsal::pebble
