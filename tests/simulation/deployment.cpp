// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/deployment.hpp"

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/resolver.hpp"
#include "tests/simulation/partners.hpp"

#include <algorithm>
#include <utility>

namespace simulation {

using rehearsal::Event;
using rehearsal::EventKind;

namespace {

constexpr int most_events = 600;
constexpr int most_retries = 50;

/// Drops the data that a unit's agent loses with its pod and must get again.
void forget_pod(rehearsal::Unit& unit) {
  unit.replace_pod = false;
  unit.stop_skipped = false;
  unit.started = false;
  unit.queued.reset();
  unit.workload_events.clear();
  unit.upgrade_pending = unit.installed;
}

}  // namespace

const rehearsal::Charm& our_charm() {
  static const rehearsal::Charm charm = rehearsal::read_charm(SOURCE_DIR);
  return charm;
}

Deployment::Deployment(const Inputs& inputs, std::uint64_t seed) : inputs_(inputs) {
  rehearsal::Model& model = world_.model;
  model.name = "keys";
  model.uuid = "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d";
  model.seed = model.random = seed;
  model.now = 1'800'000'000 * rehearsal::one_second;
  world_.key_count = inputs.key_count;
  rehearsal::Application& application = model.applications[app];
  application = {.name = app, .leader = inputs.leader, .charm = our_charm()};
  for (const auto& [name, value] : inputs.config) {
    application.config[name] =
        rehearsal::parse_config_value(name, our_charm().options.at(name), value);
  }
  for (const Partner& partner : partners()) {
    model.applications[partner.app].name = partner.app;
    const std::string unit = partner.app + "/0";
    model.units[unit] = {.name = unit,
                         .app = partner.app,
                         .address = rehearsal::next_address(model),
                         .installed = true};
  }
  rehearsal::add_relation(model, {{app, our_charm().endpoints.at("hockeypuck-peers")}});
  rehearsal::add_units(model, app, inputs.units);
  choose_servers();
  const auto relations = inputs.relations;
  for (const auto& [endpoint, variant] : relations) {
    relate(endpoint, variant);
  }
  if (inputs.admin_key != 0) {
    bring_admin_key(inputs.admin_key);
  }
}

std::vector<std::string> Deployment::units() const {
  return world_.model.units_of(app);
}

std::optional<int> Deployment::relation_on(const std::string& endpoint) const {
  for (const auto& [id, relation] : world_.model.relations) {
    const auto* end = rehearsal::end_of(relation, app);
    if (end != nullptr && end->endpoint.name == endpoint &&
        relation.life == rehearsal::Life::alive) {
      return id;
    }
  }
  return std::nullopt;
}

void Deployment::run(int events) {
  for (int count = 0; count < events && !world_.violation && step(); ++count) {
  }
}

void Deployment::settle() {
  run(most_events);
  for (int retry = 0; !world_.violation && retry < most_retries; ++retry) {
    const bool waits =
        std::any_of(world_.model.units.begin(), world_.model.units.end(), [](const auto& entry) {
          return entry.second.failed || !entry.second.workload_events.empty();
        });
    const auto timer = rehearsal::next_timer(world_.model);
    if (!waits || !timer) {
      break;
    }
    world_.model.now = *timer;
    run(most_events);
  }
  if (!world_.violation && rehearsal::next_timer(world_.model) && step()) {
    world_.violate("the model does not settle");
  }
}

void Deployment::pass(rehearsal::Millis time) {
  world_.model.now += time;
  settle();
}

void Deployment::drop_dead() {
  for (const std::string& unit : rehearsal::sweep(world_.model)) {
    if (pods_.contains(unit)) {
      pods_.at(unit)->pebble.restart_container();
    }
  }
  std::string& leader = world_.model.application(app).leader;
  if (leader != inputs_.leader) {
    inputs_.leader = leader;
    world_.model.unit(leader).leader_announced = false;
  }
}

void Deployment::create_pod(const std::string& name) {
  rehearsal::Unit& unit = world_.model.unit(name);
  unit.address = rehearsal::next_address(world_.model);
  unit.revision = world_.model.application(app).revision;
  unit.pod = true;
  auto& place = pods_[name];
  if (!place) {
    place = std::make_unique<SimulatedUnit>(world_, name);
    place->downloads["http://loki-k8s/promtail.gz"] = "promtail";
  }
  restart_container(name);
}

void Deployment::restart_container(const std::string& name) {
  SimulatedUnit& unit = *pods_.at(name);
  unit.pebble.restart_container();
  unit.pebble.down = false;
  unit.slow_to_start = false;
  auto& events = world_.model.unit(name).workload_events;
  if (events.empty()) {
    events.push_back({Event{.kind = EventKind::pebble_ready, .subject = container}, 0});
  }
}

void Deployment::replace_pod(const std::string& name) {
  if (const rehearsal::Unit& unit = world_.model.unit(name); unit.installed && !unit.stop_skipped) {
    const auto failed = unit.failed;
    const auto queued = unit.queued;
    dispatch({{name, Event{.kind = EventKind::stop}}});
    world_.model.unit(name).failed = failed;
    world_.model.unit(name).queued = queued;
    rehearsal::restore_agent_status(world_.model, name);
  }
  forget_pod(world_.model.unit(name));
  create_pod(name);
}

bool Deployment::arrange_pods() {
  for (const std::string& name : units()) {
    const rehearsal::Unit& unit = world_.model.unit(name);
    if (!unit.pod) {
      create_pod(name);
      return true;
    }
    if (unit.replace_pod) {
      replace_pod(name);
      return true;
    }
  }
  return false;
}

bool Deployment::step() {
  drop_dead();
  if (arrange_pods()) {
    return true;
  }
  for (const std::string& name : units()) {
    rehearsal::enter_scopes(world_.model, name);
  }
  answer_as_provider();
  std::vector<std::pair<std::string, Event>> due;
  for (const std::string& name : units()) {
    if (const auto event = rehearsal::next_event(world_.model, name)) {
      due.emplace_back(name, *event);
    }
  }
  if (due.empty()) {
    return false;
  }
  const auto first = rehearsal::draw(world_.model, due.size());
  std::swap(due.front(), due[first]);
  due.resize(overlap_ ? std::min<std::size_t>(due.size(), 2) : 1);
  overlap_ = false;
  dispatch(due);
  return true;
}

/// The hooks of several units do not see each other's writes in Juju.
void Deployment::dispatch(const std::vector<std::pair<std::string, Event>>& events) {
  std::vector<std::pair<std::string, Ended>> all;
  for (const auto& [name, event] : events) {
    rehearsal::set_status_before(world_.model, name, event);
    const Before found = before(name);
    std::optional<Fault> fault;
    if (!faults_.empty()) {
      fault = faults_.front();
      faults_.pop_front();
    }
    Ended ended = pods_.at(name)->dispatch_event(event, fault);
    ++world_.figures.events;
    ++world_.figures
          .kinds[event.kind == EventKind::action ? event.subject
                                                 : std::string(rehearsal::kind_name(event.kind))];
    check(name, ended, found);
    all.emplace_back(name, std::move(ended));
    if (leadership_moves_ && events.size() > 1) {
      world_.model.application(app).leader = events.back().first;
    }
  }
  leadership_moves_ = false;
  for (auto& [name, ended] : all) {
    conclude(name, std::move(ended));
  }
  check_admin_key();
}

void Deployment::conclude(const std::string& name, Ended ended) {
  rehearsal::Model& model = world_.model;
  const bool is_action = ended.event.kind == EventKind::action;
  if (ended.exit == Exit::succeeded) {
    try {
      rehearsal::commit(model, name, ended.changes);
    } catch (const rehearsal::CommitError& error) {
      ended.exit = Exit::failed;
      if (model.is_leader(name)) {
        world_.violate(std::string("I6: Juju refuses the writes of a hook: ") + error.what());
      }
    }
  }
  if (is_action) {
    ended.task.status = "completed";
    model.tasks.erase(ended.task.id);
    rehearsal::restore_agent_status(model, name);
  } else if (ended.exit == Exit::succeeded) {
    rehearsal::note_done(model, name, ended.event);
  } else {
    rehearsal::note_failed(model, name, ended.event);
  }
  model.now += rehearsal::one_second;
}

}  // namespace simulation
