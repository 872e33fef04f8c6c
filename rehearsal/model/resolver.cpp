// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/resolver.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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

/// Before a unit has started it is chance whether its agent has seen a container or a volume yet.
bool not_noticed_yet(Model& model, const Unit& unit) {
  return !unit.started && draw(model, 2) == 0;
}

std::optional<Event> next_workload_event(Model& model, const Unit& unit) {
  std::vector<const Event*> ready;
  std::set<std::string> containers;
  for (const WorkloadEvent& workload : unit.workload_events) {
    // Only the first of each container: they come in order.
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
  for (const auto& [id, secret] : model.secrets) {
    consider(secret.next_rotate.value_or(0));
    for (const auto& [number, revision] : secret.revisions) {
      consider(revision.expires.value_or(0));
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

}  // namespace rehearsal
