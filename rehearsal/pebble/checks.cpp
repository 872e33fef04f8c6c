// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/checks.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <algorithm>

namespace rehearsal::pebble {
namespace {

constexpr const char* perform = "perform-check";
constexpr const char* recover = "recover-check";

std::shared_ptr<Watch> watch_of(const std::string& name, const Entries& definition) {
  const auto watch = std::make_shared<Watch>();
  watch->name = name;
  if (definition.contains("http")) {
    watch->url = definition.at("http").at("url");
  } else {
    watch->tcp_port = definition.at("tcp").at("port");
  }
  if (definition.contains("period")) {
    watch->period = parse_duration(definition.at("period"));
  }
  if (definition.contains("timeout")) {
    watch->timeout = parse_duration(definition.at("timeout"));
  }
  watch->timeout = std::min(watch->timeout, watch->period);
  return watch;
}

}  // namespace

void Checks::plan_changed(const Entries& checks) {
  for (auto run = runs_.begin(); run != runs_.end();) {
    const auto planned = checks.find(run->first);
    if (planned != checks.end() && *planned == run->second->definition) {
      ++run;
    } else {
      end(*run->second);
      run = runs_.erase(run);
    }
  }
  for (const auto& [name, definition] : checks.items()) {
    if (!runs_.contains(name)) {
      begin(name, definition);
    }
  }
}

void Checks::stop() {
  for (const auto& [name, run] : runs_) {
    end(*run);
  }
  runs_.clear();
}

void Checks::begin(const std::string& name, const Entries& definition) {
  Run& run = *runs_.emplace(name, std::make_unique<Run>()).first->second;
  run.definition = definition;
  run.threshold = definition.at("threshold");
  run.watch = watch_of(name, definition);
  // A watch may still report a result after its end.
  run.watch->record = [this, &run, watch = run.watch.get()](const auto& error) {
    if (!watch->stopping) {
      record(run, error);
    }
  };
  new_change(run, perform);
  machine_.watch(run.watch);
}

void Checks::end(Run& run) {
  run.watch->stopping = true;
  machine_.wake();
  changes_.finish(*run.task);
}

void Checks::new_change(Run& run, const std::string& kind) {
  const std::string verb = kind == perform ? "Perform " : "Recover ";
  const std::string type = run.watch->url.empty() ? "TCP" : "HTTP";
  const std::string summary = verb + type + " check " + in_quotes(run.watch->name);
  Change& change = changes_.create(
      kind, summary, {TaskPlan{.kind = kind, .summary = summary, .begin = [](Task&) {}}},
      {{"check-name", run.watch->name}});
  changes_.advance(change);
  run.previous_change = run.task == nullptr ? "" : run.task->change->id;
  run.task = change.tasks.front().get();
}

void Checks::record(Run& run, const std::optional<std::string>& error) {
  if (error) {
    record_failure(run, *error);
  } else {
    record_success(run);
  }
}

void Checks::record_failure(Run& run, const std::string& error) {
  ++run.failures;
  machine_.note("Check " + in_quotes(run.watch->name) + " failure " + std::to_string(run.failures) +
                "/" + std::to_string(run.threshold) + ": " + error);
  if (run.task->kind == recover || run.failures < run.threshold) {
    changes_.log(*run.task, "ERROR", error);
    return;
  }
  on_failure_(run.watch->name);
  changes_.finish(*run.task, error);
  new_change(run, recover);
}

void Checks::record_success(Run& run) {
  run.failures = 0;
  if (run.task->kind == recover) {
    run.successes = 1;
    changes_.finish(*run.task);
    new_change(run, perform);
  } else {
    ++run.successes;
  }
}

nlohmann::json Checks::list() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, run] : runs_) {
    nlohmann::json json{{"name", name},
                        {"startup", "enabled"},
                        {"status", run->failures >= run->threshold ? "down" : "up"},
                        {"successes", run->successes},
                        {"threshold", run->threshold},
                        {"change-id", run->task->change->id}};
    if (run->definition.contains("level")) {
      json["level"] = run->definition.at("level");
    }
    if (run->failures != 0) {
      json["failures"] = run->failures;
    }
    if (!run->previous_change.empty()) {
      json["prev-change-id"] = run->previous_change;
    }
    list.push_back(std::move(json));
  }
  return list;
}

bool Checks::healthy(const nlohmann::json& list, const std::string& level) {
  return std::none_of(list.begin(), list.end(), [&level](const nlohmann::json& check) {
    const std::string own = check.value("level", "");
    const bool counts = level.empty() || own == level || (level == "ready" && own == "alive");
    return counts && check.at("status") == "down";
  });
}

}  // namespace rehearsal::pebble
