// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/changes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kept_log_entries = 10;

bool is_ready(Status status) {
  return status == Status::done || status == Status::hold || status == Status::error;
}

std::string name_of(Status status) {
  switch (status) {
    case Status::hold:
      return "Hold";
    case Status::waiting:
      return "Do";
    case Status::doing:
      return "Doing";
    case Status::done:
      return "Done";
    case Status::abort:
      return "Abort";
    case Status::error:
      return "Error";
  }
  return {};
}

std::string error_of(const Change& change) {
  constexpr std::string_view mark = " ERROR ";
  std::string text;
  for (const auto& task : change.tasks) {
    for (const std::string& entry : task->log) {
      const std::size_t at = entry.find(' ');
      if (task->status == Status::error && entry.compare(at, mark.size(), mark) == 0) {
        text += "\n- " + task->summary + " (" + entry.substr(at + mark.size()) + ")";
      }
    }
  }
  return "cannot perform the following tasks:" + text;
}

template <typename Timed>
void put_times(Json& json, const Timed& timed) {
  json["spawn-time"] = format_time(timed.spawn_time);
  if (timed.ready_time) {
    json["ready-time"] = format_time(*timed.ready_time);
  }
}

Json json_of(const Task& task) {
  Json json{
      {"id", task.id},
      {"kind", task.kind},
      {"summary", task.summary},
      {"status", name_of(task.status)},
      {"progress", {{"label", ""}, {"done", task.status == Status::done ? 1 : 0}, {"total", 1}}}};
  if (!task.log.empty()) {
    json["log"] = task.log;
  }
  put_times(json, task);
  return json;
}

}  // namespace

Status Change::status() const {
  // The status of a change is the first of these that one of its tasks has.
  constexpr std::array order{Status::abort, Status::doing, Status::waiting,
                             Status::error, Status::done,  Status::hold};
  const auto is_some_task = [this](Status status) {
    return std::any_of(tasks.begin(), tasks.end(),
                       [status](const auto& task) { return task->status == status; });
  };
  const auto* const found = std::find_if(order.begin(), order.end(), is_some_task);
  return found == order.end() ? Status::done : *found;
}

Change& Changes::create(const std::string& kind, const std::string& summary,
                        std::vector<TaskPlan> tasks, TextMap notice_data) {
  Change& change = *changes_.emplace_back(std::make_unique<Change>());
  change.id = std::to_string(changes_.size());
  change.kind = kind;
  change.summary = summary;
  change.notice_data = std::move(notice_data);
  change.spawn_time = now();
  for (TaskPlan& plan : tasks) {
    Task& task = *change.tasks.emplace_back(std::make_unique<Task>());
    task.id = std::to_string(++last_task_);
    task.kind = plan.kind;
    task.summary = plan.summary;
    task.spawn_time = change.spawn_time;
    task.change = &change;
    task.begin = std::move(plan.begin);
    for (const std::size_t position : plan.after) {
      task.after.push_back(change.tasks[position].get());
    }
  }
  notice(change);
  return change;
}

void Changes::notice(Change& change) {
  ++change.notice_occurrences;
  change.last_noticed = now();
  if (is_ready(change.status()) && !change.ready_time) {
    change.ready_time = now();
  }
  on_change_();
}

void Changes::set_status(Task& task, Status status) {
  task.status = status;
  if (is_ready(status)) {
    task.ready_time = now();
  }
  notice(*task.change);
}

void Changes::advance(Change& change) {
  const auto may_begin = [](const Task& task) {
    return task.status == Status::waiting &&
           std::all_of(task.after.begin(), task.after.end(),
                       [](const Task* other) { return other->status == Status::done; });
  };
  for (const auto& task : change.tasks) {
    if (may_begin(*task)) {
      set_status(*task, Status::doing);
      task->begin(*task);
    }
  }
}

void Changes::log(Task& task, const std::string& level, const std::string& message) {
  if (task.log.size() == kept_log_entries) {
    task.log.erase(task.log.begin());
  }
  task.log.push_back(format_time_seconds(now()) + " " + level + " " + message);
}

void Changes::finish(Task& task, const std::optional<std::string>& error) {
  if (error) {
    set_status(task, Status::abort);
    for (const auto& other : task.change->tasks) {
      const bool waits =
          std::any_of(other->after.begin(), other->after.end(), [](const Task* earlier) {
            return earlier->status == Status::abort || earlier->status == Status::hold;
          });
      if (other->status == Status::waiting && waits) {
        set_status(*other, Status::hold);
      }
    }
    log(task, "ERROR", *error);
  }
  set_status(task, error ? Status::error : Status::done);
  advance(*task.change);
}

const Change* Changes::find(const std::string& id) const {
  const auto found = std::find_if(changes_.begin(), changes_.end(),
                                  [&id](const auto& change) { return change->id == id; });
  return found == changes_.end() ? nullptr : found->get();
}

std::vector<const Change*> Changes::noticed_after(const std::string& time) const {
  std::vector<const Change*> found;
  for (const auto& change : changes_) {
    if (format_time(change->last_noticed) > time) {
      found.push_back(change.get());
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Change* left, const Change* right) {
    return left->last_noticed < right->last_noticed;
  });
  return found;
}

Json json_of(const Change& change) {
  Json json{{"id", change.id},
            {"kind", change.kind},
            {"summary", change.summary},
            {"status", name_of(change.status())},
            {"ready", change.ready_time.has_value()}};
  for (const auto& task : change.tasks) {
    json["tasks"].push_back(json_of(*task));
  }
  if (change.status() == Status::error) {
    json["err"] = error_of(change);
  }
  put_times(json, change);
  return json;
}

Json notice_json(const Change& change) {
  TextMap data = change.notice_data;
  data["kind"] = change.kind;
  return {{"id", change.id},
          {"user-id", nullptr},
          {"type", "change-update"},
          {"key", change.id},
          {"first-occurred", format_time(change.spawn_time)},
          {"last-occurred", format_time(change.last_noticed)},
          {"last-repeated", format_time(change.last_noticed)},
          {"occurrences", change.notice_occurrences},
          {"last-data", data}};
}

}  // namespace rehearsal::pebble
