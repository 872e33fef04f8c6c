// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/relation_argument.hpp"

#include "rehearsal/model/relations.hpp"

#include <algorithm>
#include <cctype>

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

}  // namespace rehearsal::tools
