// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/agent.hpp"

#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/tools/tool.hpp"
#include "rehearsal/model/wire.hpp"

#include <chrono>
#include <csignal>
#include <mutex>
#include <utility>

#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

constexpr int signal_base = 128;
constexpr std::chrono::minutes longest_hook{30};

void count_call(DispatchRecord& record, const wire::Request& request, const wire::Reply& reply) {
  if (reply.wanted_input) {
    return;
  }
  ++record.calls[request.tool];
  for (const std::string& argument : request.arguments) {
    record.bytes_sent += argument.size();
  }
  for (const auto& [path, content] : request.inputs) {
    record.bytes_sent += content.size();
  }
  record.bytes_received += reply.out.size();
}

std::string outcome_of(const ExecutionResult& result) {
  if (result.timed_out) {
    return "timed out";
  }
  const bool killed =
      result.exit_code == signal_base + SIGTERM || result.exit_code == signal_base + SIGKILL;
  return killed ? "interrupted" : result.exit_code == 0 ? "ok" : "failed";
}

}  // namespace

/// The data of one dispatch while it runs.
struct Agent::Dispatch {
  std::string unit;
  Event event;
  DispatchRecord record;
  Task task;
  std::string out;
  std::string err;
  std::mutex logging;  ///< The charm's output and its hook tools use two threads.
};

Agent::Agent(Model& model, Machine& machine, const Journal& journal,
             std::function<void()> names_changed)
    : model_(model),
      machine_(machine),
      journal_(journal),
      names_changed_(std::move(names_changed)) {}

DispatchRecord Agent::dispatch(const std::string& unit, const Event& event) {
  Dispatch dispatch{.unit = unit, .event = event};
  set_status_before(model_, unit, event);
  if (event.kind == EventKind::action) {
    model_.tasks.at(event.action_id).status = "running";
    dispatch.task = model_.tasks.at(event.action_id);
  }
  dispatch.record = {.number = model_.next_record++,
                     .at = model_.now,
                     .unit = unit,
                     .event = event,
                     .context_id = new_context_id(model_, unit, event)};
  journal_.begin(unit, event);
  HookContext context = context_of(dispatch);
  const auto begin = std::chrono::steady_clock::now();
  run(dispatch, context);
  dispatch.record.wall_milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  conclude(dispatch, context);
  // Time passes with every hook, so that timestamps and timers change even without a wait.
  model_.now += one_second;
  journal_.end(dispatch.record);
  return dispatch.record;
}

HookContext Agent::context_of(Dispatch& dispatch) {
  return {
      .model = model_,
      .unit_name = dispatch.unit,
      .event = dispatch.event,
      .id = dispatch.record.context_id,
      .leader = model_.is_leader(dispatch.unit),
      .task = dispatch.event.kind == EventKind::action ? &dispatch.task : nullptr,
      .log =
          [this, &dispatch](const std::string& level, const std::string& logger,
                            const std::string& text) {
            const std::lock_guard lock(dispatch.logging);
            log(dispatch.unit, level, logger, text);
          },
      .names_changed = names_changed_,
  };
}

std::string Agent::program(const std::string& unit, const Event& event) const {
  const fs::path charm =
      machine_.charm_root(unit) / fs::path(charm_directory(unit)).relative_path();
  for (const std::string& name : {std::string("dispatch"), dispatch_path(event)}) {
    if (access((charm / name).c_str(), X_OK) == 0) {
      return charm_directory(unit) + "/" + name;
    }
  }
  return {};
}

void Agent::run(Dispatch& dispatch, HookContext& context) {
  const std::string path = program(dispatch.unit, dispatch.event);
  if (path.empty()) {
    return;  // Neither dispatch nor a hook file: Juju counts this as success.
  }
  DispatchRecord& record = dispatch.record;
  const std::string logger = "unit." + dispatch.unit + "." + event_name(dispatch.event);
  std::map<std::string, std::string> environment =
      dispatch_environment(model_, dispatch.unit, dispatch.event, record.context_id);
  environment.merge(clock_environment(model_, wall_clock()));
  const ExecutionResult result =
      execute(dispatch, context,
              {.argv = {path},
               .environment = environment,
               .directory = charm_directory(dispatch.unit),
               .limit = dispatch.event.kind == EventKind::stop ? termination_grace : longest_hook,
               .on_line = [&](bool is_stderr, const std::string& line) {
                 (is_stderr ? dispatch.err : dispatch.out) += line + "\n";
                 context.log(is_stderr ? "WARNING" : "DEBUG", logger, line);
               }});
  record.exit_code = result.exit_code;
  record.outcome = outcome_of(result);
  record.cpu_milliseconds = (result.user_cpu_seconds + result.system_cpu_seconds) * 1000;
  record.own_cpu_milliseconds = result.own_cpu_seconds * 1000;
  record.max_rss_kib = result.max_rss_kib;
}

ExecutionResult Agent::execute(Dispatch& dispatch, HookContext& context,
                               const Execution& execution) {
  const fs::path socket = machine_.charm_root(dispatch.unit) /
                          fs::path(agent_directory(dispatch.unit)).relative_path() / "agent.socket";
  const ToolServer server(socket, charm_uid(model_.application(app_of(dispatch.unit)).charm),
                          [&](const wire::Request& request) {
                            wire::Reply reply = tools::run_tool(context, request);
                            count_call(dispatch.record, request, reply);
                            return reply;
                          });
  return machine_.execute(dispatch.unit, execution);
}

ExecutionResult Agent::execute(const std::string& unit, Execution execution) {
  Dispatch dispatch{.unit = unit, .event = {.kind = EventKind::update_status}};
  dispatch.record.context_id = new_context_id(model_, unit, dispatch.event);
  auto environment = dispatch_environment(model_, unit, dispatch.event, dispatch.record.context_id);
  // It has the context of a hook, and no hook.
  environment.erase("JUJU_DISPATCH_PATH");
  environment.erase("JUJU_HOOK_NAME");
  environment.merge(clock_environment(model_, wall_clock()));
  execution.environment.merge(environment);
  execution.directory = charm_directory(unit);
  HookContext context = context_of(dispatch);
  const ExecutionResult result = execute(dispatch, context, execution);
  commit(model_, unit, context.changes);
  return result;
}

void Agent::conclude(Dispatch& dispatch, const HookContext& context) {
  DispatchRecord& record = dispatch.record;
  if (record.ok()) {
    try {
      commit(model_, dispatch.unit, context.changes);
    } catch (const CommitError& error) {
      record.outcome = "refused";
      record.error = error.what();
    }
  }
  if (dispatch.event.kind == EventKind::action) {
    conclude_task(dispatch, context);
    return;
  }
  const std::string logger = "juju.worker.uniter.operation";
  const std::string name = event_name(dispatch.event);
  if (record.ok()) {
    note_done(model_, dispatch.unit, dispatch.event);
    log(dispatch.unit, "INFO", logger,
        "ran \"" + name + "\" hook (via hook dispatching script: dispatch)");
  } else if (record.outcome == "interrupted") {
    note_interrupted(model_, dispatch.unit, dispatch.event);
    log(dispatch.unit, "WARNING", logger, "hook \"" + name + "\" was killed and will run again");
  } else {
    if (record.error.empty()) {
      record.error = record.outcome == "failed" ? "exit status " + std::to_string(record.exit_code)
                                                : record.outcome;
    }
    note_failed(model_, dispatch.unit, dispatch.event);
    log(dispatch.unit, "ERROR", logger,
        "hook \"" + name + "\" (via hook dispatching script: dispatch) failed: " + record.error);
  }
}

void Agent::conclude_task(Dispatch& dispatch, const HookContext& context) {
  Task& task = dispatch.task;
  const DispatchRecord& record = dispatch.record;
  int return_code = record.exit_code;
  if (record.outcome == "refused") {
    return_code = 1;
    dispatch.err += record.error + "\n";
    task.message = "committing requested changes failed";
  } else if (!record.ok()) {
    task.message = record.outcome == "failed" ? "exit status " + std::to_string(return_code)
                                              : "action terminated";
  }
  task.status = record.ok() && !context.task_failed ? "completed" : "failed";
  task.results = with_output(task.results, dispatch.out, dispatch.err, return_code);
  task.completed = model_.now;
  model_.tasks[task.id] = task;
  restore_agent_status(model_, dispatch.unit);
}

void Agent::log(const std::string& unit, const std::string& level, const std::string& logger,
                const std::string& text) const {
  journal_.log({model_.now, unit, level, logger, text});
}

uid_t charm_uid(const Charm& charm) {
  constexpr uid_t non_root = 170;
  constexpr uid_t sudoer = 171;
  return charm.user == "non-root" ? non_root : charm.user == "sudoer" ? sudoer : 0;
}

}  // namespace rehearsal
