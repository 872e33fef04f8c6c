// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/outcome.hpp"

#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/resolver.hpp"
#include "rehearsal/model/secrets.hpp"

#include <algorithm>

namespace rehearsal {
namespace {

constexpr Millis first_retry = 5 * one_second;
constexpr Millis longest_retry = 5 * one_minute;

void note_relation(Model& model, Unit& unit, const Event& event) {
  RelationView& view = unit.relations[event.relation];
  switch (event.kind) {
    case EventKind::relation_created:
      view.created = true;
      break;
    case EventKind::relation_joined:
      view.members[event.remote_unit] = 0;
      view.changed_pending = event.remote_unit;
      break;
    case EventKind::relation_changed:
      if (event.remote_unit.empty()) {
        view.app_version = event.version;
      } else {
        view.members[event.remote_unit] = event.version;
        view.changed_pending.clear();
      }
      break;
    case EventKind::relation_departed:
      view.members.erase(event.remote_unit);
      break;
    default:
      view.broken = true;
      if (const auto relation = model.relations.find(event.relation);
          relation != model.relations.end()) {
        relation->second.scope.erase(unit.name);
      }
  }
}

void note_secret(Model& model, const Unit& unit, const Event& event) {
  const auto found = model.secrets.find(event.secret_id);
  if (found == model.secrets.end()) {
    return;
  }
  Secret& secret = found->second;
  const auto revision = secret.revisions.find(event.secret_revision);
  if (event.kind == EventKind::secret_changed) {
    secret.consumers[unit.name].announced = event.secret_revision;
  } else if (revision != secret.revisions.end()) {
    revision->second.remove_announced = true;
  }
}

void drop_workload_event(Unit& unit, const Event& event) {
  const auto found =
      std::find_if(unit.workload_events.begin(), unit.workload_events.end(),
                   [&event](const WorkloadEvent& workload) { return workload.event == event; });
  if (found != unit.workload_events.end()) {
    unit.workload_events.erase(found);
  }
}

void note_lifecycle(Model& model, Unit& unit, const Event& event) {
  switch (event.kind) {
    case EventKind::install:
      unit.installed = true;
      break;
    case EventKind::config_changed:
      unit.config_seen = config_fingerprint(model, unit);
      if (!unit.started) {
        unit.queued = Event{.kind = EventKind::start};
      }
      break;
    case EventKind::start:
      unit.started = true;
      if (!unit.status_set) {
        unit.status = {.status = "unknown", .message = {}, .since = model.now};
      }
      unit.agent_restarted = false;
      unit.update_status_due = model.now + model.update_status_interval;
      break;
    case EventKind::upgrade_charm:
      unit.upgrade_pending = false;
      unit.queued = Event{.kind = EventKind::config_changed};
      break;
    case EventKind::leader_elected:
      unit.leader_announced = true;
      break;
    case EventKind::storage_attached:
      unit.attached.insert(event.storage_id);
      break;
    case EventKind::storage_detaching:
      unit.attached.erase(event.storage_id);
      break;
    case EventKind::update_status:
      unit.update_status_due = model.now + model.update_status_interval;
      break;
    case EventKind::stop:
      unit.stopped = unit.life == Life::dying;
      unit.status = {.status = "maintenance", .message = {}, .since = model.now};
      break;
    case EventKind::remove:
      unit.status = {.status = "terminated", .message = {}, .since = model.now};
      break;
    default:
      break;
  }
}

bool is_over(const Model& model, const Relation& relation) {
  return relation.life == Life::dying &&
         std::none_of(model.units.begin(), model.units.end(), [&relation](const auto& entry) {
           const auto view = entry.second.relations.find(relation.id);
           return view != entry.second.relations.end() && view->second.created &&
                  !view->second.broken;
         });
}

/// Another unit may still need the event of a relation's end.
bool is_related(const Model& model, const std::string& app) {
  const std::vector<int> ids = relations_of(model, app);
  return std::any_of(ids.begin(), ids.end(),
                     [&model](int id) { return !is_peer(model.relations.at(id)); });
}

void drop_relation(Model& model, int id) {
  for (auto& [name, secret] : model.secrets) {
    std::erase_if(secret.grants, [id](const SecretGrant& grant) { return grant.relation == id; });
  }
  for (auto& [name, unit] : model.units) {
    unit.relations.erase(id);
  }
  model.relations.erase(id);
}

void drop_unit(Model& model, const std::string& name) {
  const std::string app = app_of(name);
  model.units.erase(name);
  for (auto& [id, secret] : model.secrets) {
    secret.consumers.erase(name);
  }
  std::erase_if(model.secrets, [&name](const auto& entry) { return entry.second.owner == name; });
  std::erase_if(model.services, [&name](const auto& entry) { return entry.second == name; });
  Application& application = model.application(app);
  if (application.leader == name) {
    const std::vector<std::string> rest = model.units_of(app);
    application.leader = rest.empty() ? "" : rest.front();
  }
}

void drop_application(Model& model, const std::string& name) {
  for (const int id : relations_of(model, name)) {
    drop_relation(model, id);
  }
  std::erase_if(model.secrets, [&name](const auto& entry) { return entry.second.owner == name; });
  model.applications.erase(name);
}

}  // namespace

void note_done(Model& model, const std::string& name, const Event& event) {
  Unit& unit = model.unit(name);
  if (event.kind == EventKind::action) {
    return;
  }
  unit.failed.reset();
  if (unit.queued && unit.queued->kind == event.kind) {
    unit.queued.reset();
  }
  if (is_relation_event(event.kind)) {
    note_relation(model, unit, event);
  } else if (is_secret_event(event.kind)) {
    note_secret(model, unit, event);
  } else if (is_workload_event(event.kind)) {
    drop_workload_event(unit, event);
  } else {
    note_lifecycle(model, unit, event);
  }
  unit.agent = {.status = "idle", .message = {}, .since = model.now};
}

void note_failed(Model& model, const std::string& name, const Event& event) {
  Unit& unit = model.unit(name);
  if (is_workload_event(event.kind)) {
    for (WorkloadEvent& workload : unit.workload_events) {
      if (workload.event == event) {
        workload.not_before = model.now + first_retry;
      }
    }
    unit.agent = {.status = "idle", .message = {}, .since = model.now};
    return;
  }
  const int attempts = unit.failed ? unit.failed->attempts + 1 : 1;
  Millis delay = first_retry;
  for (int attempt = 1; attempt < attempts && delay < longest_retry; ++attempt) {
    delay *= 2;
  }
  unit.failed = FailedHook{
      .event = event, .attempts = attempts, .retry_at = model.now + std::min(delay, longest_retry)};
  unit.agent = {.status = "error",
                .message = "hook failed: \"" + event_name(event) + "\"",
                .since = model.now};
}

void note_interrupted(Model& model, const std::string& name, const Event& event) {
  note_failed(model, name, event);
  model.unit(name).agent = {.status = "idle", .message = {}, .since = model.now};
}

void restore_agent_status(Model& model, const std::string& name) {
  Unit& unit = model.unit(name);
  unit.agent = {.status = "idle", .message = {}, .since = model.now};
  if (unit.failed) {
    unit.agent.status = "error";
    unit.agent.message = "hook failed: \"" + event_name(unit.failed->event) + "\"";
  }
}

void set_status_before(Model& model, const std::string& name, const Event& event) {
  Unit& unit = model.unit(name);
  const auto set = [&](const char* message) {
    unit.status = {.status = "maintenance", .message = message, .since = model.now};
  };
  if (event.kind == EventKind::install && !unit.status_set) {
    set("installing charm software");
  } else if (event.kind == EventKind::stop) {
    set("stopping charm software");
  } else if (event.kind == EventKind::remove) {
    set("cleaning up prior to charm deletion");
  }
  if (event.kind != EventKind::update_status) {
    unit.agent = {.status = "executing",
                  .message = "running " + event_name(event) + " hook",
                  .since = model.now};
  }
}

void begin_removal(Model& model, const std::string& name) {
  Unit& unit = model.unit(name);
  unit.life = Life::dying;
  for (const int id : relations_of(model, unit.app)) {
    model.relations.at(id).scope.erase(name);
  }
}

std::vector<std::string> sweep(Model& model) {
  std::vector<int> over;
  for (const auto& [id, relation] : model.relations) {
    if (is_over(model, relation)) {
      over.push_back(id);
    }
  }
  std::for_each(over.begin(), over.end(), [&model](int id) { drop_relation(model, id); });
  std::vector<std::string> gone;
  for (const auto& [name, unit] : model.units) {
    const bool removed = unit.status.status == "terminated";
    if (unit.life == Life::dying && (removed || (!unit.installed && !unit.failed))) {
      gone.push_back(name);
    }
  }
  for (const std::string& name : gone) {
    drop_unit(model, name);
    // The application may have been scaled up again during the removal.
    if (const Application& app = model.application(app_of(name)); app.life == Life::alive) {
      add_units(model, app.name, app.scale);
    }
  }
  std::vector<std::string> empty;
  for (const auto& [name, app] : model.applications) {
    if (app.life == Life::dying && model.units_of(name).empty() && !is_related(model, name)) {
      empty.push_back(name);
    }
  }
  std::for_each(empty.begin(), empty.end(),
                [&model](const std::string& name) { drop_application(model, name); });
  return gone;
}

}  // namespace rehearsal
