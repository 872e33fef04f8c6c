// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/relations.hpp"

#include <algorithm>

namespace rehearsal {
namespace {

struct EndpointArgument {
  std::string app;
  std::string endpoint;  ///< Empty: any.
};

EndpointArgument parse_argument(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return {text, {}};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<RelationEnd> candidates(const Model& model, const EndpointArgument& argument) {
  const Charm& charm = model.application(argument.app).charm;
  std::vector<RelationEnd> ends;
  for (const auto& [name, endpoint] : charm.endpoints) {
    if (endpoint.role != Role::peer && (argument.endpoint.empty() || argument.endpoint == name)) {
      ends.push_back({argument.app, endpoint});
    }
  }
  if (ends.empty() && !argument.endpoint.empty()) {
    throw UserError("application \"" + argument.app + "\" has no \"" + argument.endpoint +
                    "\" relation");
  }
  return ends;
}

bool fit(const Endpoint& left, const Endpoint& right) {
  return left.interface == right.interface && left.role != right.role;
}

std::string describe(const std::vector<RelationEnd>& ends) {
  return ends[0].app + ":" + ends[0].endpoint.name + " " + ends[1].app + ":" +
         ends[1].endpoint.name;
}

bool same_ends(const Relation& relation, const std::vector<RelationEnd>& ends) {
  return relation.ends.size() == ends.size() &&
         std::all_of(ends.begin(), ends.end(), [&relation](const RelationEnd& end) {
           const RelationEnd* own = end_of(relation, end.app);
           return own != nullptr && own->endpoint.name == end.endpoint.name;
         });
}

void check_limit(const Model& model, const RelationEnd& end) {
  if (end.endpoint.limit == 0) {
    return;
  }
  int count = 0;
  for (const auto& [id, relation] : model.relations) {
    const RelationEnd* own = end_of(relation, end.app);
    count += own != nullptr && own->endpoint.name == end.endpoint.name ? 1 : 0;
  }
  if (count >= end.endpoint.limit) {
    throw UserError("establishing a new relation for " + end.app + ":" + end.endpoint.name +
                    " would exceed its maximum relation limit of " +
                    std::to_string(end.endpoint.limit) + " (quota limit exceeded)");
  }
}

bool merge(Bag& bag, const Bag& changes) {
  bool changed = false;
  for (const auto& [key, value] : changes) {
    const auto found = bag.find(key);
    if (value.empty()) {
      changed = bag.erase(key) > 0 || changed;
    } else if (found == bag.end() || found->second != value) {
      bag[key] = value;
      changed = true;
    }
  }
  return changed;
}

}  // namespace

const RelationEnd* end_of(const Relation& relation, const std::string& app) {
  for (const RelationEnd& end : relation.ends) {
    if (end.app == app) {
      return &end;
    }
  }
  return nullptr;
}

std::string remote_app(const Relation& relation, const std::string& app) {
  for (const RelationEnd& end : relation.ends) {
    if (end.app != app) {
      return end.app;
    }
  }
  return app;
}

bool is_peer(const Relation& relation) {
  return relation.ends.size() == 1;
}

std::vector<int> relations_of(const Model& model, const std::string& app) {
  std::vector<int> ids;
  for (const auto& [id, relation] : model.relations) {
    if (end_of(relation, app) != nullptr) {
      ids.push_back(id);
    }
  }
  return ids;
}

std::vector<std::string> remote_units(const Relation& relation, const std::string& unit) {
  const std::string remote = remote_app(relation, app_of(unit));
  std::vector<std::string> names;
  for (const std::string& member : relation.scope) {
    if (member != unit && app_of(member) == remote) {
      names.push_back(member);
    }
  }
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return number_of(left) < number_of(right);
  });
  return names;
}

std::vector<RelationEnd> resolve_endpoints(const Model& model, const std::string& first,
                                           const std::string& other) {
  std::vector<std::vector<RelationEnd>> found;
  for (const RelationEnd& left : candidates(model, parse_argument(first))) {
    for (const RelationEnd& right : candidates(model, parse_argument(other))) {
      if (fit(left.endpoint, right.endpoint)) {
        found.push_back({left, right});
      }
    }
  }
  if (found.empty()) {
    throw UserError("no relations found");
  }
  if (found.size() > 1) {
    std::string text = "ambiguous relation: \"" + first + " " + other + "\" could refer to";
    for (const auto& ends : found) {
      text += (&ends == &found.front() ? " \"" : "; \"") + describe(ends) + "\"";
    }
    throw UserError(text);
  }
  return found.front();
}

int find_relation(const Model& model, const std::string& first, const std::string& other) {
  const EndpointArgument left = parse_argument(first);
  const EndpointArgument right = parse_argument(other);
  for (const auto& [id, relation] : model.relations) {
    const RelationEnd* near = end_of(relation, left.app);
    const RelationEnd* far = end_of(relation, right.app);
    if (near != nullptr && far != nullptr && near != far &&
        (left.endpoint.empty() || near->endpoint.name == left.endpoint) &&
        (right.endpoint.empty() || far->endpoint.name == right.endpoint)) {
      return id;
    }
  }
  throw UserError("relation \"" + first + " " + other + "\" not found");
}

int add_relation(Model& model, const std::vector<RelationEnd>& ends) {
  for (const auto& [id, relation] : model.relations) {
    if (same_ends(relation, ends)) {
      throw UserError("relation " + describe(ends) + " already exists");
    }
  }
  for (const RelationEnd& end : ends) {
    check_limit(model, end);
  }
  const int id = model.next_relation++;
  model.relations[id] = Relation{.id = id, .ends = ends};
  return id;
}

void enter_scopes(Model& model, const std::string& name) {
  const Unit& unit = model.unit(name);
  if (!unit.installed || unit.life == Life::dying) {
    return;
  }
  for (const int id : relations_of(model, unit.app)) {
    Relation& relation = model.relations.at(id);
    if (relation.life == Life::dying) {
      continue;
    }
    if (relation.scope.insert(name).second) {
      // An earlier unit may have had the same name: the databag starts empty.
      relation.unit_bags[name].clear();
    }
    Bag addresses{{"ingress-address", unit.address}, {"egress-subnets", unit.address + "/32"}};
    if (!model.juju4()) {
      addresses["private-address"] = unit.address;
    }
    write_unit_bag(relation, name, addresses);
  }
}

bool write_unit_bag(Relation& relation, const std::string& unit, const Bag& changes) {
  const bool changed = merge(relation.unit_bags[unit], changes);
  relation.unit_versions[unit] += changed ? 1 : 0;
  return changed;
}

bool write_app_bag(Relation& relation, const std::string& app, const Bag& changes) {
  const bool changed = merge(relation.app_bags[app], changes);
  relation.app_versions[app] += changed ? 1 : 0;
  return changed;
}

std::string relation_key(const Relation& relation, const std::string& app) {
  const RelationEnd* end = end_of(relation, app);
  return (end == nullptr ? "" : end->endpoint.name) + ":" + std::to_string(relation.id);
}

}  // namespace rehearsal
