// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/resolver.hpp"

#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace rehearsal {
namespace {

std::optional<Event> next_task(const Model& model, const Unit& unit) {
  for (const auto& [id, task] : model.tasks) {
    if (task.unit == unit.name && task.status == "pending") {
      return Event{.kind = EventKind::action, .subject = task.action, .action_id = id};
    }
  }
  return std::nullopt;
}

/// Before a unit has started, chance decides whether its agent has noticed a container or a volume.
bool not_noticed_yet(Model& model, const Unit& unit) {
  return !unit.started && draw(model, 2) == 0;
}

std::optional<Event> next_workload_event(Model& model, const Unit& unit) {
  std::vector<const Event*> ready;
  std::set<std::string> containers;
  for (const WorkloadEvent& workload : unit.workload_events) {
    // Only the first event of each container, because they come in order.
    if (containers.insert(workload.event.subject).second && workload.not_before <= model.now) {
      ready.push_back(&workload.event);
    }
  }
  if (ready.empty() || unit.stopped || not_noticed_yet(model, unit)) {
    return std::nullopt;
  }
  return *ready[draw(model, ready.size())];
}

std::optional<Event> next_storage_attached(Model& model, const Unit& unit) {
  for (const StorageInstance& storage : unit.storage) {
    if (unit.attached.count(storage.id) == 0) {
      if (not_noticed_yet(model, unit)) {
        return std::nullopt;
      }
      return Event{
          .kind = EventKind::storage_attached, .subject = storage.name, .storage_id = storage.id};
    }
  }
  return std::nullopt;
}

std::optional<Event> next_of_dying(Model& model, const Unit& unit) {
  if (!unit.stopped && !unit.attached.empty()) {
    const std::string& id = *unit.attached.begin();
    return Event{.kind = EventKind::storage_detaching,
                 .subject = id.substr(0, id.find('/')),
                 .storage_id = id};
  }
  if (auto event = next_relation_event(model, unit)) {
    return event;
  }
  return Event{.kind = unit.stopped ? EventKind::remove : EventKind::stop};
}

std::optional<Event> next_urgent(Model& model, const Unit& unit) {
  if (unit.life == Life::dying) {
    return std::nullopt;
  }
  if (unit.agent_restarted) {
    return Event{.kind = EventKind::start};
  }
  if (unit.upgrade_pending) {
    return Event{.kind = EventKind::upgrade_charm};
  }
  if (auto event = next_relation_created(model, unit)) {
    return event;
  }
  if (model.is_leader(unit.name) && !unit.leader_announced) {
    return Event{.kind = EventKind::leader_elected};
  }
  return std::nullopt;
}

std::optional<Event> next_routine(Model& model, const Unit& unit) {
  if (!unit.started || unit.config_seen != config_fingerprint(model, unit)) {
    return Event{.kind = EventKind::config_changed};
  }
  if (auto event = next_relation_event(model, unit)) {
    return event;
  }
  if (unit.update_status_due <= model.now) {
    return Event{.kind = EventKind::update_status};
  }
  return std::nullopt;
}

std::optional<Event> next_of_failed(const Model& model, const Unit& unit) {
  if (auto task = next_task(model, unit)) {
    return task;
  }
  if (unit.failed->retry_at <= model.now && model.automatically_retry_hooks) {
    return unit.failed->event;
  }
  return std::nullopt;
}

std::optional<Event> next_of_installed(Model& model, const Unit& unit) {
  if (auto event = next_urgent(model, unit)) {
    return event;
  }
  if (auto event = next_workload_event(model, unit)) {
    return event;
  }
  if (unit.life == Life::alive) {
    if (auto event = next_secret_event(model, unit)) {
      return event;
    }
  }
  if (auto task = next_task(model, unit)) {
    return task;
  }
  if (unit.life == Life::dying) {
    return next_of_dying(model, unit);
  }
  if (auto event = next_storage_attached(model, unit)) {
    return event;
  }
  return next_routine(model, unit);
}

void append(std::string& text, const ConfigValue& value) {
  std::visit(
      [&text](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
          text += held;
        } else {
          text += std::to_string(held);
        }
      },
      value);
}

/// Returns the unit's relations in a random order.
std::vector<int> shuffled_relations(Model& model, const std::string& app) {
  std::vector<int> ids = relations_of(model, app);
  for (std::size_t left = ids.size(); left > 1; --left) {
    std::swap(ids[left - 1], ids[draw(model, left)]);
  }
  return ids;
}

Event relation_event(EventKind kind, const Relation& relation, const Unit& unit,
                     const std::string& remote_unit = {}) {
  return Event{.kind = kind,
               .subject = end_of(relation, unit.app)->endpoint.name,
               .relation = relation.id,
               .remote_app = remote_app(relation, unit.app),
               .remote_unit = remote_unit};
}

Event changed_event(const Relation& relation, const Unit& unit, const std::string& member) {
  Event event = relation_event(EventKind::relation_changed, relation, unit, member);
  event.version = relation.unit_versions.at(member);
  return event;
}

/// Returns true if this unit sees all other units leave.
bool is_ending(const Relation& relation, const Unit& unit) {
  return relation.life == Life::dying || unit.life == Life::dying;
}

std::optional<Event> next_departed(const Relation& relation, const Unit& unit,
                                   const RelationView& view) {
  for (const auto& [member, version] : view.members) {
    if (is_ending(relation, unit) || relation.scope.count(member) == 0) {
      Event event = relation_event(EventKind::relation_departed, relation, unit, member);
      event.departing_unit = unit.life == Life::dying ? unit.name : member;
      return event;
    }
  }
  return std::nullopt;
}

std::optional<Event> next_arrival(const Relation& relation, const Unit& unit,
                                  const RelationView& view) {
  const std::string remote = remote_app(relation, unit.app);
  const auto app_version = relation.app_versions.find(remote);
  if (app_version != relation.app_versions.end() && app_version->second != view.app_version) {
    Event event = relation_event(EventKind::relation_changed, relation, unit);
    event.version = app_version->second;
    return event;
  }
  const std::vector<std::string> members = remote_units(relation, unit.name);
  for (const std::string& member : members) {
    if (view.members.count(member) == 0) {
      return relation_event(EventKind::relation_joined, relation, unit, member);
    }
  }
  for (const std::string& member : members) {
    if (view.members.at(member) != relation.unit_versions.at(member)) {
      return changed_event(relation, unit, member);
    }
  }
  return std::nullopt;
}

std::optional<Event> next_in(const Relation& relation, const Unit& unit) {
  const auto found = unit.relations.find(relation.id);
  if (found == unit.relations.end() || !found->second.created || found->second.broken) {
    return std::nullopt;
  }
  const RelationView& view = found->second;
  // `changed` follows its own `joined`, whatever happened in between.
  if (!view.changed_pending.empty()) {
    return changed_event(relation, unit, view.changed_pending);
  }
  if (auto event = next_departed(relation, unit, view)) {
    return event;
  }
  if (is_ending(relation, unit)) {
    return is_peer(relation)
               ? std::nullopt
               : std::optional(relation_event(EventKind::relation_broken, relation, unit));
  }
  return next_arrival(relation, unit, view);
}

Event secret_event(EventKind kind, const Secret& secret, int revision) {
  return Event{.kind = kind, .secret_id = secret.id, .secret_revision = revision};
}

std::optional<Event> obsolete(const Secret& secret) {
  for (const auto& [number, revision] : secret.revisions) {
    if (!revision.remove_announced && is_obsolete(secret, number)) {
      return secret_event(EventKind::secret_remove, secret, number);
    }
  }
  return std::nullopt;
}

bool has_new_revision(const Model& model, const Secret& secret, const std::string& unit) {
  const auto consumer = secret.consumers.find(unit);
  return consumer != secret.consumers.end() && consumer->second.tracked > 0 &&
         consumer->second.tracked < secret.latest() &&
         consumer->second.announced < secret.latest() && !manages(model, secret, unit) &&
         can_read(model, secret, unit);
}

}  // namespace

std::optional<Event> next_event(Model& model, const std::string& name) {
  const Unit& unit = model.unit(name);
  if (!unit.pod) {
    return std::nullopt;
  }
  if (unit.failed) {
    return next_of_failed(model, unit);
  }
  if (unit.queued) {
    return unit.queued;
  }
  if (!unit.installed) {
    return Event{.kind = EventKind::install};
  }
  return next_of_installed(model, unit);
}

std::optional<Millis> next_timer(const Model& model) {
  std::optional<Millis> earliest;
  const auto consider = [&](Millis at) {
    if (at > model.now && (!earliest || at < *earliest)) {
      earliest = at;
    }
  };
  for (const auto& [name, unit] : model.units) {
    if (unit.failed) {
      consider(model.automatically_retry_hooks ? unit.failed->retry_at : 0);
      continue;
    }
    consider(unit.update_status_due);
    for (const WorkloadEvent& workload : unit.workload_events) {
      consider(workload.not_before);
    }
  }
  return earliest;
}

std::string config_fingerprint(const Model& model, const Unit& unit) {
  const Application& app = model.application(unit.app);
  std::string text = unit.address + (app.trust ? "+" : "-");
  for (const auto& [name, option] : app.charm.options) {
    const auto set = app.config.find(name);
    if (set != app.config.end() || option.default_value) {
      text += '\0' + name + '=';
      append(text, set != app.config.end() ? set->second : *option.default_value);
    }
  }
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a: the same on every machine.
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
  }
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  return {digits.data(), end};
}

std::optional<Event> next_relation_created(Model& model, const Unit& unit) {
  for (const int id : shuffled_relations(model, unit.app)) {
    const Relation& relation = model.relations.at(id);
    const auto view = unit.relations.find(id);
    if (relation.life == Life::alive && (view == unit.relations.end() || !view->second.created)) {
      return relation_event(EventKind::relation_created, relation, unit);
    }
  }
  return std::nullopt;
}

std::optional<Event> next_relation_event(Model& model, const Unit& unit) {
  for (const int id : shuffled_relations(model, unit.app)) {
    if (auto event = next_in(model.relations.at(id), unit)) {
      return event;
    }
  }
  return std::nullopt;
}

std::optional<Event> next_secret_event(const Model& model, const Unit& unit) {
  std::optional<Event> changed;
  std::optional<Event> remove;
  for (const auto& [id, secret] : model.secrets) {
    if (manages(model, secret, unit.name)) {
      if (auto event = obsolete(secret)) {
        remove = event;
      }
    }
    if (has_new_revision(model, secret, unit.name)) {
      changed = secret_event(EventKind::secret_changed, secret, secret.latest());
    }
  }
  return changed ? changed : remove;
}

}  // namespace rehearsal
