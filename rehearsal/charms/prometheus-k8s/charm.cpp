// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "configuration.hpp"
#include "prometheus_scrape.hpp"
#include "rehearsal/charms/partner/partner.hpp"

#include <httplib.h>

#include <sstream>

namespace prometheus {
namespace {

using charm::Relation;
using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;
using rehearsal::partner::text_option;

/// The combined data of all relations.
struct Published {
  std::vector<json> jobs;
  std::vector<RuleFile> rules;
  bool wrong_rules = false;
};

/// The answers of one dispatch: `event` of each relation as it was, with the changes.
class Events {
 public:
  explicit Events(const Dispatch& dispatch) : dispatch_(&dispatch) {}

  /// An empty `text` removes the key.
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

/// One wrong job drops all jobs of its relation. As in the original, the error stays.
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

/// Not /etc/prometheus, which belongs to the machine.
const std::string folder = "/srv/prometheus/";
/// The names of all files, written after Prometheus has accepted them.
const std::string index_file = folder + "index";

charm::Layer layer() {
  charm::Layer layer;
  layer.services["prometheus"] = {
      .summary = "Prometheus",
      .command = "/usr/bin/prometheus --config.file=" + folder +
                 "prometheus.yml --storage.tsdb.path=/var/lib/prometheus --web.enable-lifecycle "
                 "--web.listen-address=:9090 --log.level=warn",
      .backoff_limit = "3s",
      .kill_delay = "10s"};
  return layer;
}

std::string index_of(const std::map<std::string, std::string>& files) {
  std::string index;
  for (const auto& [name, content] : files) {
    index += name + "\n";
  }
  return index;
}

/// A Prometheus that has just started does not listen yet. Returns false if it rejects its files.
bool reload() {
  constexpr int accepted = 200;
  httplib::Client client("127.0.0.1", 9090);
  client.set_read_timeout(20, 0);
  int status = 0;
  const bool answered = rehearsal::partner::comes_true([&] {
    const httplib::Result result = client.Post("/-/reload");
    status = result ? result->status : 0;
    return status != 0;
  });
  return answered && status == accepted;
}

/// Writes the files. Returns false if Prometheus has already accepted exactly these.
bool write_files(const charm::pebble::Client& pebble,
                 const std::map<std::string, std::string>& files) {
  std::vector<charm::File> wanted = {{.path = index_file, .content = index_of(files)}};
  for (const auto& [name, content] : files) {
    wanted.push_back({.path = folder + name, .content = content});
  }
  if (rehearsal::partner::changed_files(pebble, wanted).empty()) {
    return false;
  }
  pebble.remove({index_file, folder + "rules"}, true);
  pebble.write({wanted.begin() + 1, wanted.end()});
  return true;
}

/// Runs Prometheus with exactly these files. A running one reads them again only if they changed.
/// Returns false if it rejects them. Throws charm::pebble::ChangeError if it does not start.
bool run_prometheus(const charm::pebble::Client& pebble,
                    const std::map<std::string, std::string>& files) {
  const bool was_active = rehearsal::partner::is_active(pebble, "prometheus");
  const bool changed = write_files(pebble, files);
  rehearsal::partner::run_services(pebble, "prometheus", layer());
  if (changed && was_active && !reload()) {
    return false;
  }
  if (changed) {
    pebble.write({{.path = index_file, .content = index_of(files)}});
  }
  return true;
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
  const auto config = dispatch.tools.config_get();
  const Intervals intervals{.scrape = text_option(config, "scrape_interval"),
                            .evaluation = text_option(config, "evaluation_interval")};
  const auto files = configuration(intervals, with_unique_names(published.jobs), published.rules);
  if (const std::string error = promtool.error_in(files); !error.empty()) {
    dispatch.tools.log("ERROR", "Invalid prometheus configuration: " + error);
    return {StatusKind::blocked, "Invalid prometheus configuration; see debug logs"};
  }
  if (!run_prometheus(dispatch.pebble, files)) {
    return {StatusKind::blocked, "Prometheus failed to reload the configuration; see debug logs"};
  }
  dispatch.tools.application_version_set(version(dispatch));
  if (published.wrong_rules) {
    return {StatusKind::blocked, "Invalid alert rules. See debug-log"};
  }
  return {StatusKind::active, ""};
}

/// Derives jobs and rules from the databags, publishes errors on each relation, and runs Prometheus
/// with the correct ones. Throws if the original fails its hook.
void handle(const Dispatch& dispatch) {
  (void)dispatch.pebble.version();  // Nothing is answered until Pebble can be reached.
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
}  // namespace prometheus

int main() {
  return rehearsal::partner::run("prometheus", prometheus::handle);
}
