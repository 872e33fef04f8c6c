// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> settable{"maintenance", "blocked", "waiting", "active"};

Json status_set(const Call& call) {
  const Arguments& arguments = call.arguments;
  if (arguments.words().empty()) {
    throw usage_error("invalid args, require <status> [message] [data]");
  }
  const std::string word = arguments.word(0);
  if (std::find(settable.begin(), settable.end(), word) == settable.end()) {
    throw usage_error("invalid status \"" + word +
                      "\", expected one of [maintenance blocked waiting active]");
  }
  arguments.at_most(3);
  const StatusInfo status{
      .status = word, .message = arguments.word(1), .since = call.context.model.now};
  if (arguments.has("application")) {
    require_leader(call);
    call.context.application().status = status;
  } else {
    call.context.unit().status = status;
    call.context.unit().status_set = true;
  }
  return {};
}

Json status_with_data(const StatusInfo& status) {
  return {{"status", status.status}, {"message", status.message}, {"status-data", Json::object()}};
}

Json application_status(const Call& call) {
  if (!call.context.leader) {
    throw run_error("finding application status: this unit is not the leader");
  }
  Json units = Json::object();
  for (const std::string& name : call.context.model.units_of(app_of(call.context.unit_name))) {
    units[name] = status_with_data(call.context.model.unit(name).status);
  }
  Json status = status_with_data(call.context.application().status);
  if (!call.arguments.has("include-data")) {
    return status["status"];
  }
  status["units"] = units;
  return {{"application-status", status}};
}

Json status_get(const Call& call) {
  call.arguments.at_most(0);
  if (call.arguments.has("application")) {
    return application_status(call);
  }
  const StatusInfo& status = call.context.unit().status;
  return call.arguments.has("include-data") ? status_with_data(status) : Json(status.status);
}

}  // namespace

std::vector<Tool> status_tools() {
  const Flag application{.name = "application", .short_name = {}, .takes_value = false};
  const Flag data{.name = "include-data", .short_name = {}, .takes_value = false};
  return {
      {.name = "status-set", .flags = {application}, .run = status_set},
      {.name = "status-get", .flags = {application, data}, .prints_value = true, .run = status_get},
  };
}

}  // namespace rehearsal::tools
