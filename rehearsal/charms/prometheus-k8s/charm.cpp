// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"

#include "configuration.hpp"
#include "promtool.hpp"
#include "scrape_jobs.hpp"
#include "server.hpp"

#include <sstream>

namespace prometheus {
namespace {

using charm::Relation;
using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;

/// What all relations add up to.
struct Published {
  std::vector<json> jobs;
  std::vector<RuleFile> rules;
  bool wrong_rules = false;
};

/// The answers of one dispatch: `event` of each relation as it was, with what is new in it.
class Events {
 public:
  explicit Events(const Dispatch& dispatch) : dispatch_(&dispatch) {}

  /// An empty `text` takes the key away.
  void put(const Relation& relation, const std::string& key, const std::string& text) {
    if (!text.empty()) {
      dispatch_->tools.log("ERROR", "relation " + std::to_string(relation.id) + ": " + text);
    }
    if (!relation.local_app_data) {
      return;
    }
    json& event = events_.emplace(relation.id, known(relation)).first->second;
    if (text.empty()) {
      event.erase(key);
    } else {
      event[key] = text;
    }
  }

  void publish(const std::vector<Relation>& relations) const {
    for (const Relation& relation : relations) {
      const auto event = events_.find(relation.id);
      if (event != events_.end()) {
        rehearsal::partner::publish(*dispatch_, relation, Scope::app,
                                    {{"event", event->second.dump()}});
      }
    }
  }

 private:
  static json known(const Relation& relation) {
    const auto event = relation.local_app_data->find("event");
    return event == relation.local_app_data->end() ? json::object() : json::parse(event->second);
  }

  const Dispatch* dispatch_;
  std::map<int, json> events_;
};

/// One wrong job drops all jobs of its relation. The complaint stays, as the original's does.
void add_jobs(const Relation& relation, const Promtool& promtool, Published& published,
              Events& events) {
  const std::vector<json> jobs = scrape_jobs(relation);
  const std::string error = jobs.empty() ? "" : promtool.error_in_jobs(jobs);
  if (error.empty()) {
    published.jobs.insert(published.jobs.end(), jobs.begin(), jobs.end());
    return;
  }
  events.put(relation, "scrape_job_errors",
             "Command '['cos-tool-amd64', 'validate-config', 'rules']' returned non-zero exit "
             "status 1.");
}

/// One wrong rule drops all rules of its relation.
void add_rules(const Relation& relation, const Promtool& promtool, Published& published,
               Events& events) {
  const std::optional<RuleFile> file = rule_file(relation);
  if (!file) {
    return;
  }
  const std::string error = promtool.error_in_rules(file->content);
  events.put(relation, "errors", error);
  if (error.empty()) {
    published.rules.push_back(*file);
  } else {
    published.wrong_rules = true;
  }
}

std::string text_option(const Dispatch& dispatch, const std::string& name) {
  return std::get<std::string>(dispatch.tools.config_get().at(name));
}

/// `prometheus, version 2.42.0+ds (branch: …`
std::string version(const Dispatch& dispatch) {
  std::istringstream words(dispatch.runner.run({"prometheus", "--version"}, {}).out);
  std::string name;
  std::string keyword;
  std::string number;
  words >> name >> keyword >> number;
  return number;
}

charm::Status run_server(const Dispatch& dispatch, const Promtool& promtool,
                         const Published& published) {
  const Intervals intervals{.scrape = text_option(dispatch, "scrape_interval"),
                            .evaluation = text_option(dispatch, "evaluation_interval")};
  const auto files = configuration(intervals, with_unique_names(published.jobs), published.rules);
  if (const std::string error = promtool.error_in(files); !error.empty()) {
    dispatch.tools.log("ERROR", "Invalid prometheus configuration: " + error);
    return {StatusKind::blocked, "Invalid prometheus configuration; see debug logs"};
  }
  if (!Server(dispatch.pebble).run(files)) {
    return {StatusKind::blocked, "Prometheus failed to reload the configuration; see debug logs"};
  }
  dispatch.tools.application_version_set(version(dispatch));
  if (published.wrong_rules) {
    return {StatusKind::blocked, "Invalid alert rules. See debug-log"};
  }
  return {StatusKind::active, ""};
}

void configure(const Dispatch& dispatch) {
  const Promtool promtool(dispatch.runner);
  const auto relations = rehearsal::partner::read_relations(dispatch, "metrics-endpoint");
  Published published;
  Events events(dispatch);
  for (const Relation& relation : relations) {
    add_jobs(relation, promtool, published, events);
    add_rules(relation, promtool, published, events);
  }
  events.publish(relations);
  dispatch.tools.status_set(Scope::unit, run_server(dispatch, promtool, published));
}

}  // namespace

void dispatch(const Dispatch& dispatch) {
  if (dispatch.context.goal() == charm::Goal::stop) {
    return;
  }
  try {
    (void)dispatch.pebble.version();
    configure(dispatch);
  } catch (const charm::pebble::ConnectionError&) {
    dispatch.tools.status_set(Scope::unit, {StatusKind::maintenance, "Configuring Prometheus"});
  }
}

}  // namespace prometheus
