// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"
#include "charm/domain/error.hpp"
#include "receiver.hpp"
#include "rule_file.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

namespace loki {
namespace {

using nlohmann::json;
using rehearsal::partner::Dispatch;

std::string query_of(const json& parameters) {
  return "/loki/api/v1/query_range?query=" +
         httplib::detail::encode_query_param(parameters.at("query").get<std::string>()) +
         "&limit=" + std::to_string(parameters.value("limit", 100));
}

/// `lines` for people, `streams` with the labels for programs.
void show_logs(const Dispatch& dispatch, const json& parameters) {
  const json answer = json::parse(Receiver::get(query_of(parameters)));
  const json& streams = answer.at("data").at("result");
  std::string lines;
  std::size_t count = 0;
  for (const json& stream : streams) {
    for (const json& value : stream.at("values")) {
      lines += value.at(1).get<std::string>() + "\n";
      ++count;
    }
  }
  dispatch.tools.action_set(
      {{"count", std::to_string(count)}, {"lines", lines}, {"streams", streams.dump()}});
}

void show_rules(const Dispatch& dispatch) {
  json files = json::object();
  for (const charm::Relation& relation : rehearsal::partner::read_relations(dispatch, "logging")) {
    const auto file = rule_file(relation);
    if (file && file->error.empty()) {
      files[file->name] = json::parse(file->content);
    }
  }
  dispatch.tools.action_set({{"rules", files.dump()}});
}

void set_ready(const Dispatch& dispatch, bool ready) {
  Receiver(dispatch.pebble).hold_back(!ready);
  reconcile(dispatch);
}

}  // namespace

void run_action(const Dispatch& dispatch) {
  const std::string& name = dispatch.context.action_name;
  const json parameters = json::parse(dispatch.tools.action_get_json());
  if (name == "show-logs") {
    show_logs(dispatch, parameters);
  } else if (name == "show-rules") {
    show_rules(dispatch);
  } else if (name == "answer-with") {
    Receiver::put("/rehearsal/answer", std::to_string(parameters.at("status").get<int>()));
  } else if (name == "set-ready") {
    set_ready(dispatch, parameters.at("ready").get<bool>());
  } else {
    throw charm::Error("there is no action " + name);
  }
}

}  // namespace loki
