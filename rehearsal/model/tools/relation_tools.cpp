// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace rehearsal::tools {
namespace {

std::optional<int> relation_number(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string digits = colon == std::string::npos ? text : text.substr(colon + 1);
  const bool numeric = !digits.empty() && digits.size() < 9 &&
                       std::all_of(digits.begin(), digits.end(), [](unsigned char character) {
                         return std::isdigit(character) != 0;
                       });
  return numeric ? std::optional(std::stoi(digits)) : std::nullopt;
}

bool was_told(const Unit& unit, int relation) {
  const auto view = unit.relations.find(relation);
  return view != unit.relations.end() && view->second.created && !view->second.broken;
}

using Json = nlohmann::json;

const Flag relation_flag{.name = "relation", .short_name = "r"};
const Flag app_flag{.name = "app", .short_name = {}, .takes_value = false};

Relation& relation_of(const Call& call) {
  return call.context.model.relations.at(required_relation(call));
}

Json relation_ids(const Call& call) {
  const Event& event = call.context.event;
  call.arguments.at_most(1);
  std::string endpoint = call.arguments.word(0);
  if (endpoint.empty() && is_relation_event(event.kind)) {
    endpoint = event.subject;
  }
  if (endpoint.empty()) {
    throw usage_error("no endpoint name specified");
  }
  const Unit& unit = call.context.unit();
  std::vector<std::string> keys;
  for (const int id : relations_of(call.context.model, unit.app)) {
    const Relation& relation = call.context.model.relations.at(id);
    if (end_of(relation, unit.app)->endpoint.name == endpoint && sees_relation(call, relation)) {
      keys.push_back(relation_key(relation, unit.app));
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

Json relation_list(const Call& call) {
  call.arguments.at_most(0);
  const Relation& relation = relation_of(call);
  const Unit& unit = call.context.unit();
  if (call.arguments.has("app")) {
    return remote_app(relation, unit.app);
  }
  const Event& event = call.context.event;
  std::vector<std::string> members;
  if (const auto view = unit.relations.find(relation.id); view != unit.relations.end()) {
    for (const auto& [member, version] : view->second.members) {
      members.push_back(member);
    }
  }
  if (event.relation == relation.id && event.kind == EventKind::relation_departed) {
    std::erase(members, event.remote_unit);
  }
  if (event.relation == relation.id && event.kind == EventKind::relation_joined) {
    members.push_back(event.remote_unit);
  }
  std::sort(members.begin(), members.end(), [](const std::string& left, const std::string& right) {
    return number_of(left) < number_of(right);
  });
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

Bag overlaid(Bag bag, const std::map<int, Bag>& pending, int relation) {
  if (const auto changes = pending.find(relation); changes != pending.end()) {
    for (const auto& [key, value] : changes->second) {
      bag[key] = value;
    }
    std::erase_if(bag, [](const auto& entry) { return entry.second.empty(); });
  }
  return bag;
}

ToolError forbidden(const Call& call) {
  return run_error(call.context.model.juju4() ? "permission denied"
                                              : "permission denied (unauthorized access)");
}

Bag app_bag(const Call& call, const Relation& relation, const std::string& app) {
  const HookContext& context = call.context;
  if (end_of(relation, app) == nullptr) {
    throw forbidden(call);
  }
  const auto found = relation.app_bags.find(app);
  Bag bag = found == relation.app_bags.end() ? Bag{} : found->second;
  if (app != app_of(context.unit_name)) {
    return bag;
  }
  if (!context.leader && !is_peer(relation)) {
    throw forbidden(call);
  }
  return overlaid(bag, context.changes.app_settings, relation.id);
}

Bag unit_bag(const Call& call, const Relation& relation, const std::string& unit) {
  const auto found = relation.unit_bags.find(unit);
  if (found == relation.unit_bags.end()) {
    throw run_error("cannot read settings for unit \"" + unit + "\" in relation \"" +
                    relation_key(relation, app_of(call.context.unit_name)) + "\": unit \"" + unit +
                    "\": settings not found");
  }
  if (unit == call.context.unit_name) {
    return overlaid(found->second, call.context.changes.unit_settings, relation.id);
  }
  return found->second;
}

struct Target {
  std::string name;
  bool app = false;
};

Target target_of(const Call& call) {
  Target target{call.arguments.word(1), call.arguments.has("app")};
  const Event& event = call.context.event;
  if (target.name.empty() && is_relation_event(event.kind)) {
    target.name = event.remote_unit.empty() ? event.remote_app : event.remote_unit;
    target.app = target.app || event.remote_unit.empty();
  }
  if (target.name.empty()) {
    throw usage_error("no unit or application specified");
  }
  if (target.app) {
    target.name = app_of(target.name);
  } else if (!is_unit_name(target.name)) {
    throw usage_error("expected unit name, got application name \"" + target.name + "\"");
  }
  return target;
}

Json relation_get(const Call& call) {
  call.arguments.at_most(2);
  const Relation& relation = relation_of(call);
  const Target target = target_of(call);
  const Bag bag =
      target.app ? app_bag(call, relation, target.name) : unit_bag(call, relation, target.name);
  const std::string key = call.arguments.word(0);
  if (key.empty() || key == "-") {
    return bag;
  }
  const auto value = bag.find(key);
  return value == bag.end() ? Json() : Json(value->second);
}

Json relation_set(const Call& call) {
  const int relation = relation_of(call).id;
  const Bag values = settings(call);
  const bool app = call.arguments.has("app");
  if (app && !call.context.leader) {
    throw run_error("cannot write relation settings");
  }
  Changes& changes = call.context.changes;
  Bag& bag = app ? changes.app_settings[relation] : changes.unit_settings[relation];
  for (const auto& [key, value] : values) {
    bag[key] = value;
  }
  return {};
}

/// Both ends are in this model, because there are no offers.
Json relation_model_get(const Call& call) {
  call.arguments.at_most(0);
  static_cast<void>(relation_of(call));
  return {{"uuid", call.context.model.uuid}};
}

}  // namespace

bool sees_relation(const Call& call, const Relation& relation) {
  const HookContext& context = call.context;
  const Event& event = context.event;
  if (event.kind == EventKind::relation_broken && event.relation == relation.id) {
    return false;
  }
  const Unit& unit = context.unit();
  return was_told(unit, relation.id) || relation.scope.count(unit.name) > 0;
}

std::optional<int> optional_relation(const Call& call) {
  const HookContext& context = call.context;
  const auto text = call.arguments.value("relation");
  if (!text) {
    return is_relation_event(context.event.kind) ? std::optional(context.event.relation)
                                                 : std::nullopt;
  }
  const std::string refusal =
      "invalid value \"" + *text + "\" for option " + call.arguments.spelling("relation") + ": ";
  const auto id = relation_number(*text);
  if (!id) {
    throw usage_error(refusal + "invalid relation id");
  }
  const auto relation = context.model.relations.find(*id);
  const bool of_hook = is_relation_event(context.event.kind) && context.event.relation == *id;
  if (relation == context.model.relations.end() ||
      end_of(relation->second, app_of(context.unit_name)) == nullptr ||
      (!of_hook && !sees_relation(call, relation->second))) {
    throw usage_error(refusal + "relation not found");
  }
  return id;
}

int required_relation(const Call& call) {
  const auto id = optional_relation(call);
  if (!id) {
    throw usage_error("no relation id specified");
  }
  return *id;
}

std::vector<Tool> relation_tools() {
  return {
      {.name = "relation-ids", .flags = {}, .prints_value = true, .run = relation_ids},
      {.name = "relation-list",
       .flags = {relation_flag, app_flag},
       .prints_value = true,
       .run = relation_list},
      {.name = "relation-get",
       .flags = {relation_flag, app_flag},
       .prints_value = true,
       .run = relation_get},
      {.name = "relation-set",
       .flags = {relation_flag, app_flag, {.name = "file"}},
       .prints_value = false,
       .run = relation_set},
      {.name = "relation-model-get",
       .flags = {relation_flag},
       .prints_value = true,
       .run = relation_model_get},
  };
}

}  // namespace rehearsal::tools
