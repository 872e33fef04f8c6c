// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/notices.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

enum class Status { hold, waiting, doing, done, abort, undo, error };

/// The status as the API names it.
std::string status_name(Status status);

bool is_ready(Status status);

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
  int lane = 0;
  /// Tasks of the same change that must be done before this one starts.
  std::vector<const Task*> after;
  Change* change = nullptr;
  /// Begins the work; it ends with Changes::finish, at once or later.
  std::function<void(Task&)> begin;
  /// Asks work under way to end early; absent where that is impossible.
  std::function<void(Task&)> interrupt;
};

struct Change {
  std::string id;
  std::string kind;
  std::string summary;
  std::vector<std::unique_ptr<Task>> tasks;
  std::vector<std::string> service_names;
  TextMap notice_data;
  SystemTime spawn_time;
  std::optional<SystemTime> ready_time;
  std::optional<Status> last_noticed;

  Status status() const;
  /// The errors of all failed tasks in one text; empty unless the change failed.
  std::string error() const;
};

/// A task to be, for Changes::create. `after` are positions in the list of such tasks.
struct TaskPlan {
  std::string kind;
  std::string summary;
  int lane = 0;
  std::vector<std::size_t> after;
  std::function<void(Task&)> begin;
  std::function<void(Task&)> interrupt;
};

/// The agent's changes, which are kept for its lifetime. Every function expects the lock to be
/// held.
class Changes {
 public:
  Changes(StateLock& lock, Notices& notices) : lock_(lock), notices_(notices) {}

  /// A new change, not begun yet. One without tasks is done at once.
  Change& create(const std::string& kind, const std::string& summary, std::vector<TaskPlan> tasks,
                 std::vector<std::string> service_names = {}, TextMap notice_data = {});

  /// Begins the tasks that wait for nothing, and later on those that waited for finished ones.
  void advance(Change& change);

  void log(Task& task, const std::string& level, const std::string& message);

  /// Ends a task; an error puts the rest of its lane on hold.
  void finish(Task& task, const std::optional<std::string>& error = std::nullopt);

  /// Marks what is not ready yet as aborted or on hold; `interrupt_aborted` then acts on it.
  void abort(Change& change);
  void interrupt_aborted(Change& change);

  Change* find(const std::string& id);

  const std::vector<std::unique_ptr<Change>>& all() const { return changes_; }

 private:
  void set_status(Task& task, Status status);
  void note(Change& change);
  void give_up_lane(const Task& failed);
  static bool may_begin(const Task& task);

  StateLock& lock_;
  Notices& notices_;
  std::vector<std::unique_ptr<Change>> changes_;
  int last_task_ = 0;
};

}  // namespace rehearsal::pebble
