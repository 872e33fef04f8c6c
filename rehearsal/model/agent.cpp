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

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <future>
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
  HookContext context;
  DispatchRecord record = {};
  Task task = {};
  std::string out = {};
  std::string err = {};
};

Agent::Agent(Model& model, Machine& machine, const Journal& journal,
             std::function<void()> names_changed)
    : model_(model),
      machine_(machine),
      journal_(journal),
      names_changed_(std::move(names_changed)) {}

DispatchRecord Agent::dispatch(const std::string& unit, const Event& event) {
  return dispatch({{unit, event}}).front();
}

std::vector<DispatchRecord> Agent::dispatch(const std::vector<UnitEvent>& events) {
  std::vector<std::unique_ptr<Dispatch>> dispatches;
  for (const auto& [unit, event] : events) {
    dispatches.push_back(begin(unit, event));
  }
  std::vector<std::future<void>> runs;
  for (const auto& dispatch : dispatches) {
    runs.push_back(std::async(std::launch::async, [this, &dispatch] { run(*dispatch); }));
  }
  // No hook sees what the others commit, so the result does not depend on their speed.
  std::for_each(runs.begin(), runs.end(), [](const auto& run) { run.wait(); });
  std::vector<DispatchRecord> records;
  std::exception_ptr failure;
  for (std::size_t index = 0; index < runs.size(); ++index) {
    try {
      runs[index].get();
    } catch (const MachineError&) {
      failure = std::current_exception();
      continue;
    }
    conclude(*dispatches[index]);
    records.push_back(dispatches[index]->record);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  return records;
}

std::unique_ptr<Agent::Dispatch> Agent::begin(const std::string& unit, const Event& event) {
  set_status_before(model_, unit, event);
  auto dispatch = std::make_unique<Dispatch>(Dispatch{.context = context_of(unit, event)});
  if (event.kind == EventKind::action) {
    model_.tasks.at(event.action_id).status = "running";
    dispatch->task = model_.tasks.at(event.action_id);
    dispatch->context.task = &dispatch->task;
  }
  dispatch->record = {.number = model_.next_record++,
                      .at = model_.now,
                      .unit = unit,
                      .event = event,
                      .context_id = dispatch->context.id};
  journal_.begin(unit, event);
  return dispatch;
}

HookContext Agent::context_of(const std::string& unit, const Event& event) {
  return {
      .model = model_,
      .unit_name = unit,
      .event = event,
      .id = new_context_id(model_, unit, event),
      .leader = model_.is_leader(unit),
      .random = model_.random,
      .log = [this, unit](const std::string& level, const std::string& logger,
                          const std::string& text) { log(unit, level, logger, text); },
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

void Agent::run(Dispatch& dispatch) {
  const HookContext& context = dispatch.context;
  const std::string path = program(context.unit_name, context.event);
  if (path.empty()) {
    return;  // Neither dispatch nor a hook file: Juju counts this as success.
  }
  DispatchRecord& record = dispatch.record;
  const std::string logger = "unit." + context.unit_name + "." + event_name(context.event);
  const auto begin = std::chrono::steady_clock::now();
  const ExecutionResult result = execute(
      dispatch, {.argv = {path},
                 .environment = environment_of(context),
                 .directory = charm_directory(context.unit_name),
                 .limit = context.event.kind == EventKind::stop ? termination_grace : longest_hook,
                 .on_line = [&](bool is_stderr, const std::string& line) {
                   (is_stderr ? dispatch.err : dispatch.out) += line + "\n";
                   context.log(is_stderr ? "WARNING" : "DEBUG", logger, line);
                 }});
  record.wall_milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  record.exit_code = result.exit_code;
  record.outcome = outcome_of(result);
  record.cpu_milliseconds = (result.user_cpu_seconds + result.system_cpu_seconds) * 1000;
  record.own_cpu_milliseconds = result.own_cpu_seconds * 1000;
  record.max_rss_kib = result.max_rss_kib;
}

/// Hooks that run at the same time must not change the model while one of them reads it.
std::map<std::string, std::string> Agent::environment_of(const HookContext& context) {
  const std::lock_guard lock(model_in_use_);
  std::map<std::string, std::string> environment =
      dispatch_environment(model_, context.unit_name, context.event, context.id);
  environment.merge(clock_environment(model_, wall_clock()));
  return environment;
}

ExecutionResult Agent::execute(Dispatch& dispatch, const Execution& execution) {
  const std::string& unit = dispatch.context.unit_name;
  const fs::path socket =
      machine_.charm_root(unit) / fs::path(agent_directory(unit)).relative_path() / "agent.socket";
  const ToolServer server(socket, charm_uid(model_.application(app_of(unit)).charm),
                          [&](const wire::Request& request) {
                            const std::lock_guard lock(model_in_use_);
                            wire::Reply reply = tools::run_tool(dispatch.context, request);
                            count_call(dispatch.record, request, reply);
                            return reply;
                          });
  return machine_.execute(unit, execution);
}

ExecutionResult Agent::execute(const std::string& unit, Execution execution) {
  Dispatch dispatch{.context = context_of(unit, {.kind = EventKind::update_status})};
  auto environment = environment_of(dispatch.context);
  // It has the context of a hook, and no hook.
  environment.erase("JUJU_DISPATCH_PATH");
  environment.erase("JUJU_HOOK_NAME");
  execution.environment.merge(environment);
  execution.directory = charm_directory(unit);
  const ExecutionResult result = execute(dispatch, execution);
  commit(model_, unit, dispatch.context.changes);
  return result;
}

void Agent::conclude(Dispatch& dispatch) {
  DispatchRecord& record = dispatch.record;
  if (record.ok()) {
    try {
      commit(model_, record.unit, dispatch.context.changes);
    } catch (const CommitError& error) {
      record.outcome = "refused";
      record.error = error.what();
    }
  }
  if (record.event.kind == EventKind::action) {
    conclude_task(dispatch);
  } else {
    conclude_hook(dispatch);
  }
  // Time passes with every hook, so that timestamps and timers change even without a wait.
  model_.now += one_second;
  journal_.end(record);
}

void Agent::conclude_hook(Dispatch& dispatch) {
  const std::string& unit = dispatch.context.unit_name;
  const Event& event = dispatch.context.event;
  DispatchRecord& record = dispatch.record;
  const std::string logger = "juju.worker.uniter.operation";
  const std::string name = event_name(event);
  if (record.ok()) {
    note_done(model_, unit, event);
    log(unit, "INFO", logger, "ran \"" + name + "\" hook (via hook dispatching script: dispatch)");
  } else if (record.outcome == "interrupted") {
    note_interrupted(model_, unit, event);
    log(unit, "WARNING", logger, "hook \"" + name + "\" was killed and will run again");
  } else {
    if (record.error.empty()) {
      record.error = record.outcome == "failed" ? "exit status " + std::to_string(record.exit_code)
                                                : record.outcome;
    }
    note_failed(model_, unit, event);
    log(unit, "ERROR", logger,
        "hook \"" + name + "\" (via hook dispatching script: dispatch) failed: " + record.error);
  }
}

void Agent::conclude_task(Dispatch& dispatch) {
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
  task.status = record.ok() && !dispatch.context.task_failed ? "completed" : "failed";
  task.results = with_output(task.results, dispatch.out, dispatch.err, return_code);
  task.completed = model_.now;
  model_.tasks[task.id] = task;
  restore_agent_status(model_, dispatch.context.unit_name);
}

void Agent::log(const std::string& unit, const std::string& level, const std::string& logger,
                const std::string& text) {
  const std::lock_guard lock(logging_);
  journal_.log({model_.now, unit, level, logger, text});
}

uid_t charm_uid(const Charm& charm) {
  constexpr uid_t non_root = 170;
  constexpr uid_t sudoer = 171;
  return charm.user == "non-root" ? non_root : charm.user == "sudoer" ? sudoer : 0;
}

}  // namespace rehearsal
