// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/controller.hpp"

#include "rehearsal/model/model.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/resolver.hpp"
#include "rehearsal/model/workload_watch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rehearsal {
namespace {

constexpr int most_steps = 2000;

/// Drops the data that a unit's agent loses with its pod and must get again.
void forget_pod(Unit& unit) {
  unit.replace_pod = false;
  unit.stop_skipped = false;
  unit.started = false;
  unit.queued.reset();
  unit.containers.clear();
  unit.workload_events.clear();
  unit.upgrade_pending = unit.installed;
}

}  // namespace

Controller::Controller(Model& model, Machine& machine, const Journal& journal,
                       ControllerFiles files)
    : model_(model),
      machine_(machine),
      journal_(journal),
      files_(std::move(files)),
      agent_(model, machine, journal, [this] { publish_names(); }) {}

bool Controller::settle() {
  for (int count = 0; count < most_steps; ++count) {
    if (!step()) {
      return count > 0;
    }
  }
  throw UserError("the model has not settled after " + std::to_string(most_steps) +
                  " steps; see debug-log");
}

bool Controller::step() {
  drop_dead();
  if (arrange_pods()) {
    journal_.save();
    return true;
  }
  for (const auto& [name, unit] : model_.units) {
    enter_scopes(model_, name);
    watch_workloads(model_, machine_, name);
  }
  const bool moved = dispatch_due();
  journal_.save();
  return moved;
}

void Controller::advance_to(Millis time) {
  settle();
  while (model_.now < time) {
    const auto timer = next_timer(model_);
    model_.now = timer ? std::min(*timer, time) : time;
    settle();
  }
}

ExecutionResult Controller::execute(const std::string& unit, const Execution& execution) {
  return agent_.execute(unit, execution);
}

void Controller::publish_names() {
  const HostNames own = model_names(model_);
  machine_.set_names(files_.all_names ? files_.all_names(own) : own);
}

bool Controller::arrange_pods() {
  for (auto& [name, unit] : model_.units) {
    if (unit.pod && !machine_.pod_exists(name)) {
      // The machine was restarted, or the processes were killed: this is like a lost node.
      forget_pod(unit);
      unit.pod = false;
    }
    if (!unit.pod) {
      create_pod(name);
      return true;
    }
    if (unit.replace_pod && may_replace(unit)) {
      // A copy, because a committed hook moves the model's own names.
      replace_pod(std::string(name));
      return true;
    }
    if (restart_ended_containers(unit)) {
      return true;
    }
  }
  return false;
}

/// Does the work of kubelet.
bool Controller::restart_ended_containers(Unit& unit) {
  bool restarted = false;
  for (const auto& [container, details] : model_.application(unit.app).charm.containers) {
    if (!machine_.container_running(unit.name, container)) {
      machine_.restart_container(unit.name, container);
      unit.containers[container].boot_id.clear();
      restarted = true;
    }
  }
  return restarted;
}

void Controller::create_pod(const std::string& name) {
  Unit& unit = model_.unit(name);
  const Application& app = model_.application(unit.app);
  unit.address = next_address(model_);
  unit.revision = app.revision;
  publish_names();
  machine_.create_pod(pod_spec(model_, unit, files_));
  lay_out_unit(machine_.charm_root(name), name, charm_uid(app.charm),
               {.charm = files_.charm(unit.app, unit.revision),
                .charm_url = charm_url(app.charm, unit.revision),
                .hook_tool = files_.hook_tool,
                .resources = file_resources(app, name)});
  unit.pod = true;
}

void Controller::replace_pod(const std::string& name) {
  if (const Unit& unit = model_.unit(name); unit.installed && !unit.stop_skipped) {
    const auto failed = unit.failed;
    const auto queued = unit.queued;
    agent_.dispatch(name, Event{.kind = EventKind::stop});
    // A failed hook still has to succeed or be resolved. `stop` itself is not tried twice.
    model_.unit(name).failed = failed;
    model_.unit(name).queued = queued;
    restore_agent_status(model_, name);
  }
  machine_.delete_pod(name, termination_grace);
  forget_pod(model_.unit(name));
  create_pod(name);
}

/// Replaces one pod of an application at a time, the highest number first, like a StatefulSet.
bool Controller::may_replace(const Unit& unit) {
  const std::vector<std::string> members = model_.units_of(unit.app);
  return std::none_of(members.begin(), members.end(), [&](const std::string& name) {
    const Unit& other = model_.unit(name);
    const bool later = number_of(name) > number_of(unit.name);
    return name != unit.name &&
           ((later && other.replace_pod) || (later && !other.started && !other.failed));
  });
}

void Controller::drop_dead() {
  const std::vector<std::string> gone = sweep(model_);
  for (const std::string& name : gone) {
    if (machine_.pod_exists(name)) {
      machine_.delete_pod(name, termination_grace);
    }
  }
  if (!gone.empty()) {
    publish_names();
  }
}

/// In Juju each unit has its own agent, so hooks of different units overlap.
bool Controller::dispatch_due() {
  std::vector<UnitEvent> due;
  for (const auto& [name, unit] : model_.units) {
    if (const auto event = next_event(model_, name)) {
      due.emplace_back(name, *event);
    }
  }
  std::vector<UnitEvent> chosen;
  while (!due.empty() && (chosen.empty() || draw(model_, 2) == 0)) {
    const auto place = due.begin() + static_cast<std::ptrdiff_t>(draw(model_, due.size()));
    chosen.push_back(*place);
    due.erase(place);
  }
  agent_.dispatch(chosen);
  return !chosen.empty();
}

}  // namespace rehearsal
