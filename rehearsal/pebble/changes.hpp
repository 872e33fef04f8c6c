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
  /// Begins the work; it ends with Changes::finish, at once or later.
  std::function<void(Task&)> begin;
};

struct Change {
  std::string id;
  std::string kind;
  std::string summary;
  std::vector<std::unique_ptr<Task>> tasks;
  /// What its notice says besides its kind.
  TextMap notice_data;
  int notice_occurrences = 0;
  SystemTime last_noticed;
  SystemTime spawn_time;
  std::optional<SystemTime> ready_time;

  [[nodiscard]] Status status() const;
};

/// A task to be, for Changes::create. `after` are positions in the list of such tasks.
struct TaskPlan {
  std::string kind;
  std::string summary;
  std::vector<std::size_t> after;
  std::function<void(Task&)> begin;
};

/// The agent's changes, which are kept for its lifetime.
class Changes {
 public:
  /// `on_change` is called when a change has become ready, or its notice has occurred again.
  explicit Changes(std::function<void()> on_change) : on_change_(std::move(on_change)) {}

  /// A new change, not begun yet. One without tasks is done at once.
  Change& create(const std::string& kind, const std::string& summary, std::vector<TaskPlan> tasks,
                 TextMap notice_data = {});

  /// Begins the tasks that wait for nothing, and later those that waited for them.
  void advance(Change& change);

  void log(Task& task, const std::string& level, const std::string& message);

  /// Ends a task; after an error what waits for the task never begins.
  void finish(Task& task, const std::optional<std::string>& error = std::nullopt);

  [[nodiscard]] const Change* find(const std::string& id) const;

  /// In the order of their beginning.
  [[nodiscard]] const std::vector<std::unique_ptr<Change>>& all() const { return changes_; }

  /// The changes whose notice occurred after a time, in the order of the last occurrence.
  [[nodiscard]] std::vector<const Change*> noticed_after(const std::string& time) const;

 private:
  void set_status(Task& task, Status status);
  void notice(Change& change);

  std::function<void()> on_change_;
  std::vector<std::unique_ptr<Change>> changes_;
  int last_task_ = 0;
};

/// The change as the API shows it.
nlohmann::json json_of(const Change& change);

/// The notice of a change as the API shows it.
nlohmann::json notice_json(const Change& change);

}  // namespace rehearsal::pebble
