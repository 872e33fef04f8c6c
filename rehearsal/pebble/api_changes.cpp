// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/request_error.hpp"
#include "rehearsal/pebble/version.hpp"

#include <algorithm>

namespace rehearsal::pebble {
namespace {

void put_times(Json& json, SystemTime spawned, std::optional<SystemTime> ready) {
  json["spawn-time"] = format_time(spawned);
  if (ready) {
    json["ready-time"] = format_time(*ready);
  }
}

Json to_json(const Task& task) {
  Json json{{"id", task.id},
            {"kind", task.kind},
            {"summary", task.summary},
            {"status", status_name(task.status)}};
  if (!task.log.empty()) {
    json["log"] = task.log;
  }
  const int done = task.status == Status::waiting ? 0 : 1;
  json["progress"] = {{"label", ""}, {"done", done}, {"total", 1}};
  put_times(json, task.spawn_time, task.ready_time);
  return json;
}

Json to_json(const Change& change) {
  Json json{{"id", change.id},
            {"kind", change.kind},
            {"summary", change.summary},
            {"status", status_name(change.status())}};
  for (const auto& task : change.tasks) {
    json["tasks"].push_back(to_json(*task));
  }
  json["ready"] = is_ready(change.status());
  if (const std::string error = change.error(); !error.empty()) {
    json["err"] = error;
  }
  put_times(json, change.spawn_time, change.ready_time);
  return json;
}

Change& find_change(const Call& call) {
  Change* change = call.agent.changes.find(call.variables.front());
  if (change == nullptr) {
    not_found("cannot find change with id " + go_quoted(call.variables.front()));
  }
  return *change;
}

bool is_for(const Change& change, const std::string& service) {
  return service.empty() || std::find(change.service_names.begin(), change.service_names.end(),
                                      service) != change.service_names.end();
}

}  // namespace

HttpResponse get_changes(const Call& call) {
  std::string select = call.request.parameter("select");
  select = select.empty() ? "in-progress" : select;
  if (select != "all" && select != "in-progress" && select != "ready") {
    bad_request("select should be one of: all,in-progress,ready");
  }
  const std::string service = call.request.parameter("for");
  Json result = Json::array();
  const auto held = call.agent.lock.hold();
  for (const auto& change : call.agent.changes.all()) {
    const bool selected = select == "all" || is_ready(change->status()) == (select == "ready");
    if (selected && is_for(*change, service)) {
      result.push_back(to_json(*change));
    }
  }
  return sync_response(result);
}

HttpResponse get_change(const Call& call) {
  const auto held = call.agent.lock.hold();
  return sync_response(to_json(find_change(call)));
}

HttpResponse get_change_wait(const Call& call) {
  auto held = call.agent.lock.hold();
  const Change& change = find_change(call);
  const Duration timeout = duration_of(call.request.parameter("timeout"), "timeout");
  const auto deadline = timeout.count() == 0
                            ? std::nullopt
                            : std::optional(std::chrono::steady_clock::now() + timeout);
  const auto ready = [&change] { return change.ready_time.has_value(); };
  if (!call.agent.wait_until(held, call.client, deadline, ready)) {
    if (!deadline || call.client.is_closed()) {
      throw RequestError(500, "request cancelled");
    }
    throw RequestError(504, "timed out waiting for change after " + format_duration(timeout));
  }
  return sync_response(to_json(change));
}

HttpResponse post_change(const Call& call) {
  const auto held = call.agent.lock.hold();
  Change& change = find_change(call);
  const JsonBody body(call.request.body, "cannot decode data from request body");
  if (body.text("action") != "abort") {
    bad_request("invalid action " + go_quoted(body.text("action")));
  }
  if (is_ready(change.status())) {
    bad_request("cannot abort change " + change.id + " with nothing pending");
  }
  call.agent.changes.abort(change);
  const Json result = to_json(change);
  call.agent.changes.interrupt_aborted(change);
  return sync_response(result);
}

HttpResponse get_system_info(const Call& call) {
  Json result{{"boot-id", call.agent.boot_id}};
  if (!call.agent.http_address.empty()) {
    result["http-address"] = call.agent.http_address;
  }
  result["version"] = version;
  return sync_response(result);
}

}  // namespace rehearsal::pebble
