// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju_arguments.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace test {
namespace {

using charm::Databag;
using charm::Scope;
using Json = nlohmann::json;

Databag changes_of(const std::string& json_text) {
  const Json json = Json::parse(json_text, nullptr, false);
  const bool flat = json.is_object() && std::all_of(json.begin(), json.end(), [](const Json& item) {
                      return item.is_string();
                    });
  if (!flat) {
    throw Refusal{1, "cannot parse settings: not a map of strings"};
  }
  return json.get<Databag>();
}

std::string app_of(const std::string& member) {
  return member.substr(0, member.find('/'));
}

}  // namespace

Databag merged(Databag bag, const Databag& changes) {
  for (const auto& [key, value] : changes) {
    if (value.empty()) {
      bag.erase(key);
    } else {
      bag[key] = value;
    }
  }
  return bag;
}

int FakeJuju::relation_id(const Arguments& arguments) const {
  const std::string text = arguments.value("-r", "--relation");
  if (text.empty()) {
    throw Refusal{2, "no relation id specified"};
  }
  const std::string refused = "invalid value \"" + text + "\" for option -r: ";
  const std::string digits = text.substr(text.rfind(':') + 1);
  int id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw Refusal{2, refused + "invalid relation id"};
  }
  if (relations.count(id) == 0) {
    throw Refusal{2, refused + "relation not found"};
  }
  return id;
}

std::string FakeJuju::relation_ids(const Arguments& arguments) {
  arguments.at_most(1);
  if (arguments.positional.empty()) {
    throw Refusal{2, "no endpoint name specified"};
  }
  const std::string& endpoint = arguments.positional.front();
  Json json = Json::array();
  for (const auto& [id, relation] : relations) {
    if (relation.endpoint == endpoint && !relation.broken) {
      json.push_back(endpoint + ":" + std::to_string(id));
    }
  }
  return printed(json);
}

std::string FakeJuju::relation_list(const Arguments& arguments) {
  arguments.at_most(0);
  const FakeRelation& relation = relations.at(relation_id(arguments));
  if (arguments.has("--app")) {
    return printed(relation.remote_app);
  }
  Json json = Json::array();
  for (const auto& [name, bag] : relation.remote_units) {
    json.push_back(name);
  }
  return printed(json);
}

Databag FakeJuju::own_bag(int id, Scope scope) const {
  const FakeRelation& relation = relations.at(id);
  const Databag& stored = scope == Scope::app ? relation.local_app_data : relation.local_unit_data;
  const auto pending = pending_bags_.find({id, scope});
  return pending == pending_bags_.end() ? stored : merged(stored, pending->second);
}

Databag FakeJuju::app_bag(int id, const std::string& member) const {
  const FakeRelation& relation = relations.at(id);
  const std::string owner = app_of(member);
  const bool peer = relation.remote_app == app();
  if (owner == app() && (leader || peer)) {
    return own_bag(id, Scope::app);
  }
  if (owner == app() || owner != relation.remote_app) {
    throw Refusal{1, "permission denied (unauthorized access)"};
  }
  return relation.remote_app_data;
}

Databag FakeJuju::unit_bag(int id, const std::string& member) const {
  const FakeRelation& relation = relations.at(id);
  if (member.find('/') == std::string::npos) {
    throw Refusal{2, "expected unit name, got application name \"" + member + "\""};
  }
  if (member == unit) {
    return own_bag(id, Scope::unit);
  }
  const auto found = relation.remote_units.find(member);
  if (found == relation.remote_units.end()) {
    throw Refusal{1, "cannot read settings for unit \"" + member + "\" in relation \"" +
                         relation.endpoint + ":" + std::to_string(id) + "\": settings not found"};
  }
  return found->second;
}

std::string FakeJuju::relation_get(const Arguments& arguments) {
  arguments.at_most(2);
  const int id = relation_id(arguments);
  if (arguments.positional.size() < 2) {
    throw Refusal{2, "no unit or application specified"};
  }
  const std::string& key = arguments.positional[0];
  const std::string& member = arguments.positional[1];
  const Databag bag = arguments.has("--app") ? app_bag(id, member) : unit_bag(id, member);
  if (key == "-") {
    return printed(bag);
  }
  const auto found = bag.find(key);
  return printed(found == bag.end() ? Json() : Json(found->second));
}

std::string FakeJuju::relation_set(const Arguments& arguments) {
  const int id = relation_id(arguments);
  const Scope scope = arguments.has("--app") ? Scope::app : Scope::unit;
  if (scope == Scope::app && !leader) {
    throw Refusal{1, "cannot write relation settings"};
  }
  Databag changes;
  if (const std::string file = arguments.value("--file"); file == "-") {
    changes = changes_of(arguments.input);
  } else if (!file.empty()) {
    throw Refusal{1, "this fake reads settings from standard input only"};
  }
  for (const std::string& pair : arguments.positional) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) {
      throw Refusal{2, "expected \"key=value\", got \"" + pair + "\""};
    }
    changes[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  Databag& pending = pending_bags_[{id, scope}];
  for (const auto& [name, value] : changes) {
    pending[name] = value;
  }
  return {};
}

}  // namespace test
