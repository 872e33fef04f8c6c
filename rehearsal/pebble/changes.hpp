// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layers.hpp"
#include "rehearsal/pebble/time_text.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

enum class Status { hold, waiting, doing, done, abort, error };

struct Change;

/// One step of a change.
struct Task {
  std::string id;
  std::string kind;
  std::string summary;
  Status status = Status::waiting;
  std::vector<std::string> log;
  SystemTime spawn_time;
  std::optional<SystemTime> ready_time;
  /// Tasks of the same change that must be done before this one starts.
  std::vector<const Task*> after;
  Change* change = nullptr;
  /// Begins the work, which ends with Changes::finish, immediately or later.
  std::function<void(Task&)> begin;
};

struct Change {
  std::string id;
  std::string kind;
  std::string summary;
  std::vector<std::unique_ptr<Task>> tasks;
  /// The data of its notice in addition to its kind.
  TextMap notice_data;
  int notice_occurrences = 0;
  SystemTime last_noticed;
  SystemTime spawn_time;
  std::optional<SystemTime> ready_time;

  [[nodiscard]] Status status() const;
};

/// A task for Changes::create. `after` has positions in the same list.
struct TaskPlan {
  std::string kind;
  std::string summary;
  std::vector<std::size_t> after;
  std::function<void(Task&)> begin;
};

/// The agent's changes, which it keeps for its lifetime.
class Changes {
 public:
  /// `on_change` is called when a change has become ready, or when its notice has occurred again.
  explicit Changes(std::function<void()> on_change) : on_change_(std::move(on_change)) {}

  /// Makes a new change that has not begun yet. One without tasks is done immediately.
  Change& create(const std::string& kind, const std::string& summary, std::vector<TaskPlan> tasks,
                 TextMap notice_data = {});

  /// Begins the tasks that wait for nothing, and later the tasks that waited for them.
  void advance(Change& change);

  void log(Task& task, const std::string& level, const std::string& message);

  /// Ends a task. After an error, the tasks that wait for it never begin.
  void finish(Task& task, const std::optional<std::string>& error = std::nullopt);

  [[nodiscard]] const Change* find(const std::string& id) const;

  /// Returns the changes in the order of their beginning.
  [[nodiscard]] const std::vector<std::unique_ptr<Change>>& all() const { return changes_; }

  /// Returns the changes whose notice occurred after a time, in the order of the last occurrence.
  [[nodiscard]] std::vector<const Change*> noticed_after(const std::string& time) const;

 private:
  void set_status(Task& task, Status status);
  void notice(Change& change);

  std::function<void()> on_change_;
  std::vector<std::unique_ptr<Change>> changes_;
  int last_task_ = 0;
};

/// Returns the change in the form of the API.
nlohmann::json json_of(const Change& change);

/// Returns the notice of a change in the form of the API.
nlohmann::json notice_json(const Change& change);

}  // namespace rehearsal::pebble
