// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/changes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t kept_log_entries = 10;

/// The status of a change is the first of these that one of its tasks has.
constexpr std::array<Status, 7> by_precedence{Status::abort,   Status::undo,  Status::doing,
                                              Status::waiting, Status::error, Status::done,
                                              Status::hold};

constexpr std::string_view error_mark = " ERROR ";

void append_errors(std::string& text, const Task& task) {
  for (const std::string& entry : task.log) {
    const std::size_t at = entry.find(' ');
    if (at != std::string::npos && entry.compare(at, error_mark.size(), error_mark) == 0) {
      text += "\n- " + task.summary + " (" + entry.substr(at + error_mark.size()) + ")";
    }
  }
}

}  // namespace

std::string status_name(Status status) {
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
    case Status::undo:
      return "Undo";
    case Status::error:
      return "Error";
  }
  return "Default";
}

bool is_ready(Status status) {
  return status == Status::done || status == Status::hold || status == Status::error;
}

Status Change::status() const {
  if (tasks.empty()) {
    return Status::done;
  }
  return *std::find_if(by_precedence.begin(), by_precedence.end(), [this](Status status) {
    return std::any_of(tasks.begin(), tasks.end(),
                       [status](const auto& task) { return task->status == status; });
  });
}

std::string Change::error() const {
  if (status() != Status::error) {
    return {};
  }
  std::string text = "cannot perform the following tasks:";
  for (const auto& task : tasks) {
    if (task->status == Status::error) {
      append_errors(text, *task);
    }
  }
  return text;
}

Change& Changes::create(const std::string& kind, const std::string& summary,
                        std::vector<TaskPlan> tasks, std::vector<std::string> service_names,
                        TextMap notice_data) {
  Change& change = *changes_.emplace_back(std::make_unique<Change>());
  change.id = std::to_string(changes_.size());
  change.kind = kind;
  change.summary = summary;
  change.service_names = std::move(service_names);
  change.notice_data = std::move(notice_data);
  for (TaskPlan& plan : tasks) {
    Task& task = *change.tasks.emplace_back(std::make_unique<Task>());
    task.id = std::to_string(++last_task_);
    task.kind = plan.kind;
    task.summary = plan.summary;
    task.lane = plan.lane;
    task.spawn_time = now();
    task.change = &change;
    task.begin = std::move(plan.begin);
    task.interrupt = std::move(plan.interrupt);
    for (const std::size_t position : plan.after) {
      task.after.push_back(change.tasks[position].get());
    }
  }
  change.spawn_time = now();
  change.last_noticed = Status::waiting;
  TextMap data = change.notice_data;
  data["kind"] = kind;
  notices_.add(std::nullopt, "change-update", change.id, data);
  note(change);
  return change;
}

void Changes::note(Change& change) {
  const Status status = change.status();
  if (is_ready(status) && !change.ready_time) {
    change.ready_time = now();
    lock_.changed.notify_all();
  }
  // A change between two of its tasks is not worth a notice.
  const bool between = change.last_noticed == Status::doing && status == Status::waiting;
  if (change.last_noticed == status || between) {
    return;
  }
  change.last_noticed = status;
  TextMap data = change.notice_data;
  data["kind"] = change.kind;
  notices_.add(std::nullopt, "change-update", change.id, data);
}

void Changes::set_status(Task& task, Status status) {
  if (task.status == status) {
    return;
  }
  task.status = status;
  if (is_ready(status) && !task.ready_time) {
    task.ready_time = now();
  }
  note(*task.change);
}

bool Changes::may_begin(const Task& task) {
  return task.status == Status::waiting &&
         std::all_of(task.after.begin(), task.after.end(),
                     [](const Task* other) { return other->status == Status::done; });
}

void Changes::advance(Change& change) {
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

void Changes::give_up_lane(const Task& failed) {
  for (const auto& task : failed.change->tasks) {
    const bool waits = std::any_of(task->after.begin(), task->after.end(), [](const Task* other) {
      return other->status == Status::error || other->status == Status::abort ||
             other->status == Status::hold;
    });
    if (task->status == Status::waiting && (waits || task->lane == failed.lane)) {
      set_status(*task, Status::hold);
    }
  }
}

void Changes::finish(Task& task, const std::optional<std::string>& error) {
  Change& change = *task.change;
  if (error) {
    set_status(task, Status::abort);
    give_up_lane(task);
    log(task, "ERROR", *error);
    set_status(task, Status::error);
  } else if (task.status == Status::abort) {
    // There is nothing to undo, but the states on the way are visible as notices.
    set_status(task, Status::undo);
    set_status(task, Status::done);
  } else {
    set_status(task, Status::done);
  }
  advance(change);
}

void Changes::abort(Change& change) {
  for (const auto& task : change.tasks) {
    if (task->status == Status::waiting) {
      set_status(*task, Status::hold);
    } else if (task->status == Status::doing) {
      set_status(*task, Status::abort);
    }
  }
}

void Changes::interrupt_aborted(Change& change) {
  for (const auto& task : change.tasks) {
    if (task->status == Status::abort && task->interrupt) {
      task->interrupt(*task);
    }
  }
}

Change* Changes::find(const std::string& id) {
  const auto found = std::find_if(changes_.begin(), changes_.end(),
                                  [&id](const auto& change) { return change->id == id; });
  return found == changes_.end() ? nullptr : found->get();
}

}  // namespace rehearsal::pebble
