// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"

#include "charm/juju/command_runner.hpp"
#include "promtail_offer.hpp"
#include "receiver.hpp"
#include "rule_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace loki {
namespace {

using charm::Databag;
using charm::Relation;
using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;

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

/// Puts the archive where the receiver serves it.
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

std::string promtail_option(const Dispatch& dispatch) {
  return std::get<std::string>(dispatch.tools.config_get().at("promtail"));
}

void answer(const Dispatch& dispatch, const std::vector<Relation>& relations,
            const std::vector<std::string>& errors, bool ready) {
  const Promtail promtail = read_promtail(dispatch.context.charm_dir);
  keep_archive(dispatch, promtail);
  const std::string offer = promtail_offer(promtail, base_url(dispatch), promtail_option(dispatch));
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
    return {StatusKind::waiting, "held back by the action set-ready, or not answering"};
  }
  const bool wrong = std::ranges::any_of(errors, [](const auto& error) { return !error.empty(); });
  return wrong ? charm::Status{StatusKind::blocked, "Errors in alert rule groups, see debug-log"}
               : charm::Status{StatusKind::active, ""};
}

}  // namespace

void reconcile(const Dispatch& dispatch) {
  const Receiver receiver(dispatch.pebble);
  const bool ready = receiver.run() && !receiver.is_held_back();
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

void dispatch(const Dispatch& dispatch) {
  if (!dispatch.context.action_name.empty()) {
    run_action(dispatch);
    return;
  }
  if (dispatch.context.goal() == charm::Goal::stop) {
    return;
  }
  try {
    reconcile(dispatch);
  } catch (const charm::pebble::ConnectionError&) {
    dispatch.tools.status_set(Scope::unit, {StatusKind::waiting, "waiting for Pebble"});
  }
}

}  // namespace loki
