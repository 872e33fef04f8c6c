// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"
#include "charm/pebble/client.hpp"
#include "loki_push_api.hpp"
#include "rehearsal/charms/partner/partner.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace loki {
namespace {

using charm::Databag;
using charm::Relation;
using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;

constexpr int port = 3100;
/// The receiver serves these files below /files/.
constexpr const char* files_folder = "/loki/files";
constexpr const char* rules_folder = "/loki/rules";

/// Exists in the container while the unit must not report that it is ready.
const std::string not_ready_file = "/loki/not-ready";

charm::Layer layer() {
  charm::Layer layer;
  layer.services["loki"] = {
      .summary = "Receives logs",
      .command = "/loki/bin/loki " + std::to_string(port) + " " + files_folder};
  return layer;
}

httplib::Client local() {
  return httplib::Client("127.0.0.1", port);
}

bool answers() {
  const httplib::Result result = local().Get("/ready");
  return result && result->status == 200;
}

/// Throws charm::Error unless the status is 2xx.
std::string body_of(const httplib::Result& result, const std::string& target) {
  constexpr int last_success = 299;
  if (!result || result->status > last_success) {
    throw charm::Error(target + ": " +
                       (result ? result->body : httplib::to_string(result.error())));
  }
  return result->body;
}

/// Starts the receiver unless it runs. Returns true if it answers.
bool run_receiver(const charm::pebble::Client& pebble) {
  rehearsal::partner::run_services(pebble, "loki", layer());
  return rehearsal::partner::comes_true(answers);
}

/// `loki-k8s-0.loki-k8s-endpoints.keys.svc.cluster.local`
std::string host_name(const Dispatch& dispatch) {
  std::string pod = dispatch.context.unit_name;
  std::ranges::replace(pod, '/', '-');
  return pod + "." + dispatch.application() + "-endpoints." + dispatch.context.model_name +
         ".svc.cluster.local";
}

std::string base_url(const Dispatch& dispatch) {
  return "http://" + host_name(dispatch) + ":" + std::to_string(port);
}

/// Copies the archive to the folder that the receiver serves.
void keep_archive(const Dispatch& dispatch, const Promtail& promtail) {
  const std::string path = std::string(files_folder) + "/" + archive_name;
  if (dispatch.pebble.file_size(path) != promtail.archive.size()) {
    dispatch.pebble.write({{.path = path, .content = promtail.archive}});
  }
}

std::vector<std::string> load_rules(const Dispatch& dispatch,
                                    const std::vector<Relation>& relations) {
  std::vector<std::string> errors;
  std::vector<charm::File> files;
  for (const Relation& relation : relations) {
    const auto file = rule_file(relation);
    errors.push_back(file ? file->error : "");
    if (file && file->error.empty()) {
      files.push_back({.path = std::string(rules_folder) + "/" + file->name + ".json",
                       .content = file->content});
    }
  }
  dispatch.pebble.remove({rules_folder}, true);
  dispatch.pebble.write(files);
  return errors;
}

Databag unit_answer(const Dispatch& dispatch, bool ready) {
  const json endpoint = {{"url", base_url(dispatch) + "/loki/api/v1/push"}};
  return {{"endpoint", ready ? endpoint.dump() : ""}, {"public_address", host_name(dispatch)}};
}

std::string event_with(const std::string& error) {
  return (error.empty() ? json::object() : json{{"errors", error}}).dump();
}

void answer(const Dispatch& dispatch, const std::vector<Relation>& relations,
            const std::vector<std::string>& errors, bool ready) {
  const Promtail promtail = read_promtail(dispatch.context.charm_dir);
  keep_archive(dispatch, promtail);
  const std::string offer =
      promtail_offer(promtail, base_url(dispatch),
                     rehearsal::partner::text_option(dispatch.tools.config_get(), "promtail"));
  for (std::size_t i = 0; i < relations.size(); ++i) {
    rehearsal::partner::publish(dispatch, relations[i], Scope::unit, unit_answer(dispatch, ready));
    if (relations[i].local_app_data) {
      rehearsal::partner::publish(
          dispatch, relations[i], Scope::app,
          {{"event", event_with(errors[i])}, {"promtail_binary_zip_url", offer}});
    }
  }
}

charm::Status status_of(const std::vector<std::string>& errors, bool ready) {
  if (!ready) {
    return {StatusKind::waiting, "Loki does not answer, or the action set-ready made it unready"};
  }
  const bool wrong = std::ranges::any_of(errors, [](const auto& error) { return !error.empty(); });
  return wrong ? charm::Status{StatusKind::blocked, "Invalid alert rules. See debug-log"}
               : charm::Status{StatusKind::active, ""};
}

std::string query_of(const json& parameters) {
  return "/loki/api/v1/query_range?query=" +
         httplib::detail::encode_query_param(parameters.at("query").get<std::string>()) +
         "&limit=" + std::to_string(parameters.value("limit", 100));
}

/// Shows `lines` for operators, and `streams` with the labels for programs.
void show_logs(const Dispatch& dispatch, const json& parameters) {
  const json answer = json::parse(body_of(local().Get(query_of(parameters)), "query_range"));
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

/// Brings receiver, rules and databags into their desired state.
void reconcile(const Dispatch& dispatch) {
  const bool ready =
      run_receiver(dispatch.pebble) && dispatch.pebble.read({not_ready_file}).empty();
  const auto relations = rehearsal::partner::read_relations(dispatch, "logging");
  const std::vector<std::string> errors = load_rules(dispatch, relations);
  for (const std::string& error : errors) {
    if (!error.empty()) {
      dispatch.tools.log("ERROR", error);
    }
  }
  answer(dispatch, relations, errors, ready);
  dispatch.tools.status_set(Scope::unit, status_of(errors, ready));
}

void set_ready(const Dispatch& dispatch, bool ready) {
  if (ready) {
    dispatch.pebble.remove({not_ready_file}, false);
  } else {
    dispatch.pebble.write({{.path = not_ready_file, .content = "not ready\n"}});
  }
  reconcile(dispatch);
}

void run_action(const Dispatch& dispatch) {
  const std::string& name = dispatch.context.action_name;
  const json parameters = json::parse(dispatch.tools.action_get_json());
  if (name == "show-logs") {
    show_logs(dispatch, parameters);
  } else if (name == "show-rules") {
    show_rules(dispatch);
  } else if (name == "answer-with") {
    const std::string status = std::to_string(parameters.at("status").get<int>());
    (void)body_of(local().Put("/rehearsal/answer", status, "text/plain"), name);
  } else if (name == "set-ready") {
    set_ready(dispatch, parameters.at("ready").get<bool>());
  } else {
    throw charm::Error("unknown action " + name);
  }
}

void handle(const Dispatch& dispatch) {
  if (dispatch.context.action_name.empty()) {
    reconcile(dispatch);
  } else {
    run_action(dispatch);
  }
}

}  // namespace
}  // namespace loki

int main() {
  return rehearsal::partner::run("loki", loki::handle);
}
