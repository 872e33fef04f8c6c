// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/status.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/resolver.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

namespace rehearsal::commands {
namespace {

using Clock = std::chrono::steady_clock;

/// The condition for `wait`.
struct Goal {
  std::vector<std::string> apps;  ///< Empty: all.
  std::string status = "active";
  std::string message;
};

bool is_reached(const Unit& unit, const Goal& goal) {
  const StatusInfo status = shown_status(unit);
  const bool quiet = goal.status == "error" || (!unit.failed && unit.started && unit.pod);
  return quiet && status.status == goal.status &&
         status.message.find(goal.message) != std::string::npos;
}

std::vector<std::string> units_without(const Model& model, const Goal& goal) {
  std::vector<std::string> names;
  for (const auto& [name, unit] : model.units) {
    const bool meant = goal.apps.empty() ||
                       std::find(goal.apps.begin(), goal.apps.end(), unit.app) != goal.apps.end();
    if (meant && !is_reached(unit, goal)) {
      names.push_back(name);
    }
  }
  return names;
}

void print_timeout(const Model& model, const std::vector<std::string>& names) {
  std::cerr << "ERROR timed out waiting\n";
  for (const std::string& name : names) {
    const StatusInfo status = shown_status(model.unit(name));
    std::cerr << " - " << name << ": " << status.status
              << (status.message.empty() ? "" : " \"" + status.message + "\"") << "\n";
  }
}

void check_apps(const Model& model, const std::vector<std::string>& apps) {
  for (const std::string& app : apps) {
    static_cast<void>(model.application(app));
  }
}

int wait(const SessionOptions& options, const Arguments& arguments) {
  const Goal goal{.apps = arguments.words(),
                  .status = arguments.value("for").value_or("active"),
                  .message = arguments.value("message").value_or("")};
  const std::chrono::milliseconds limit(duration_of(arguments.value("timeout").value_or("60s")));
  constexpr std::chrono::milliseconds quiet_before_skip(1000);
  constexpr std::chrono::milliseconds poll_interval(100);
  Session session(options);
  check_apps(session.model(), goal.apps);
  const auto deadline = Clock::now() + limit;
  auto last_step = Clock::now();
  while (true) {
    session.save();
    if (session.controller().settle()) {
      last_step = Clock::now();
    }
    const std::vector<std::string> missing = units_without(session.model(), goal);
    if (missing.empty()) {
      return 0;
    }
    if (Clock::now() >= deadline) {
      print_timeout(session.model(), missing);
      return 1;
    }
    if (Clock::now() - last_step >= quiet_before_skip) {
      // The model's time moves only to a timer: the next possible event is that timer's.
      if (const auto timer = next_timer(session.model())) {
        session.model().now = *timer;
      }
      last_step = Clock::now();
    }
    std::this_thread::sleep_for(poll_interval);
  }
}

int advance(const SessionOptions& options, const Arguments& arguments) {
  const Millis duration = duration_of(required(arguments, 0, "duration"));
  arguments.at_most(1);
  Session session(options);
  session.controller().advance_to(session.model().now + duration);
  session.save();
  return 0;
}

int delete_pod(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  unit.replace_pod = true;
  unit.stop_skipped = arguments.has("no-stop");
  session.settle();
  return 0;
}

int restart_container(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  const std::string container = required(arguments, 1, "container");
  if (session.model().application(unit.app).charm.containers.count(container) == 0) {
    throw UserError("container \"" + container + "\" not found");
  }
  session.machine().restart_container(unit.name, container);
  unit.containers[container].boot_id.clear();
  session.settle();
  return 0;
}

int restart_agent(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  unit.agent_restarted = unit.started;
  // The charm container remembers nothing of the containers: pebble-ready and notices come again.
  unit.containers.clear();
  session.settle();
  return 0;
}

int leadership(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  Application& app = session.model().application(unit.app);
  if (app.leader != unit.name) {
    if (!app.leader.empty()) {
      session.model().unit(app.leader).leader_announced = false;
    }
    app.leader = unit.name;
    unit.leader_announced = false;
  }
  session.settle();
  return 0;
}

int resolved(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  std::vector<std::string> names = arguments.words();
  for (const auto& [name, unit] : model.units) {
    if (arguments.has("all") && unit.failed) {
      names.push_back(name);
    }
  }
  if (names.empty() && !arguments.has("all")) {
    throw tools::usage_error("no unit specified");
  }
  for (const std::string& name : names) {
    Unit& unit = model.unit(name);
    if (!unit.failed) {
      throw UserError("unit \"" + name + "\" is not in an error state");
    }
    if (arguments.has("no-retry")) {
      const Event event = unit.failed->event;
      note_done(model, name, event);
    } else {
      unit.failed->retry_at = model.now;
    }
  }
  session.settle();
  return 0;
}

}  // namespace

Millis duration_of(const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) {
    throw tools::usage_error("expected a duration such as 90s or 5m, got \"" + text + "\"");
  }
  return *duration;
}

std::vector<Command> time_commands() {
  return {
      {.name = "wait",
       .usage = "[APPLICATION...] [--for STATUS] [--message TEXT] [--timeout 60s]",
       .summary = "Waits until units have a workload status, by default active.",
       .details = "Watches the containers while it waits. If nothing happens for a second, the "
                  "model's clock skips to\nthe next timer: the retry of a failed hook, or "
                  "update-status.",
       .flags = {{.name = "for"}, {.name = "message"}, {.name = "timeout"}},
       .run = wait,
       .is_own = true},
      {.name = "advance",
       .usage = "DURATION",
       .summary = "Moves the model's clock forward and runs the events that become due.",
       .details = "For example, `advance 5m` runs one update-status.",
       .run = advance,
       .is_own = true},
  };
}

std::vector<Command> churn_commands() {
  return {
      {.name = "resolved",
       .usage = "UNIT... [--no-retry] | --all",
       .summary = "Retries a failed hook now, or skips it.",
       .flags = {plain_flag("no-retry"), plain_flag("all")},
       .run = resolved,
       .alias = "resolve"},
      {.name = "delete-pod",
       .usage = "UNIT [--no-stop]",
       .summary = "Deletes a unit's pod, as kubectl does; a new pod replaces it.",
       .details = "stop runs in the old pod, unless --no-stop simulates a lost node. Then "
                  "upgrade-charm,\nconfig-changed, start and pebble-ready run in the new pod. "
                  "Storage stays, everything else is new.",
       .flags = {plain_flag("no-stop")},
       .run = delete_pod,
       .is_own = true},
      {.name = "restart-container",
       .usage = "UNIT CONTAINER",
       .summary = "Restarts one workload container with a fresh file system.",
       .run = restart_container,
       .is_own = true},
      {.name = "restart-agent",
       .usage = "UNIT",
       .summary = "Restarts a unit's agent: start and every pebble-ready run again.",
       .run = restart_agent,
       .is_own = true},
      {.name = "leadership",
       .usage = "UNIT",
       .summary = "Makes a unit the leader of its application.",
       .run = leadership,
       .is_own = true},
  };
}

}  // namespace rehearsal::commands
