// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/resolver.hpp"

#include <utility>

namespace rehearsal {
namespace {

/// Relations of the unit, in an order left to chance.
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

/// True when this unit sees everybody leave.
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
  // `changed` follows its own `joined`, whatever happened since.
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

}  // namespace

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

}  // namespace rehearsal
