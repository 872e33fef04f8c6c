// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "cluster.hpp"

#include "rehearsal/charms/partner/partner.hpp"

#include <cstdlib>

namespace postgresql {
namespace {

using charm::Databag;
using charm::Scope;
using charm::juju::HookTools;
using rehearsal::partner::value_of;

constexpr const char* peer_endpoint = "database-peers";
constexpr const char* client_endpoint = "database";

std::string application_of(const std::string& unit) {
  return unit.substr(0, unit.find('/'));
}

void read_config(World& world, const HookTools& tools) {
  const auto config = tools.config_get();
  const auto tls = config.find("tls");
  world.tls = tls == config.end() || std::get<bool>(tls->second);
  const auto plain = config.find("plain");
  world.plain = plain == config.end() || std::get<bool>(plain->second);
  world.publish = rehearsal::partner::text_option(config, "publish");
}

ClusterSecret secret_from(const Databag& content) {
  return {.operator_password = content.at("operator-password"),
          .replication_password = content.at("replication-password"),
          .authority = {.certificate = content.at("ca-certificate"), .key = content.at("ca-key")}};
}

Databag make_secret(const World& world) {
  const KeyPair authority = make_authority(world.application + " CA");
  return {{"operator-password", random_password()},
          {"replication-password", random_password()},
          {"ca-certificate", authority.certificate},
          {"ca-key", authority.key}};
}

void read_secret(World& world, const HookTools& tools) {
  const auto uri = world.shared.find("secret");
  if (uri != world.shared.end()) {
    world.secret = secret_from(tools.secret_get(uri->second));
  } else if (world.leader) {
    const Databag content = make_secret(world);
    world.secret = secret_from(content);
    write_shared(world, tools, "secret", tools.secret_add(content));
  }
}

void read_peers(World& world, const HookTools& tools) {
  world.members[world.unit] = {};
  for (const int relation : tools.relation_ids(peer_endpoint)) {
    world.peers = relation;
    world.shared = tools.relation_get(relation, world.application, Scope::app);
    world.members[world.unit] = read_member(tools.relation_get(relation, world.unit, Scope::unit));
    for (const std::string& unit : tools.relation_list(relation)) {
      world.members[unit] = read_member(tools.relation_get(relation, unit, Scope::unit));
    }
  }
}

void read_requirers(World& world, const charm::juju::Context& context, const HookTools& tools) {
  for (const int relation : tools.relation_ids(client_endpoint)) {
    if (context.broken_relation == relation) {
      continue;
    }
    Requirer requirer{.application = tools.relation_app(relation)};
    requirer.remote = tools.relation_get(relation, requirer.application, Scope::app);
    if (world.leader) {
      requirer.ours = tools.relation_get(relation, world.application, Scope::app);
    }
    world.requirers[relation] = requirer;
  }
}

}  // namespace

Member read_member(const charm::Databag& bag) {
  return {.address = value_of(bag, "address"),
          .primary = value_of(bag, "role") == "primary",
          .timeline = std::atoi(value_of(bag, "timeline").c_str()),  // NOLINT: 0 is right for text
          .stopped = value_of(bag, "stopped") == "true"};
}

charm::Databag write_member(const Member& member) {
  return {{"address", member.address},
          {"role", member.primary ? "primary" : "standby"},
          {"timeline", std::to_string(member.timeline)},
          {"stopped", member.stopped ? "true" : ""}};
}

std::optional<std::string> primary_of(const std::map<std::string, Member>& members) {
  std::optional<std::string> primary;
  for (const auto& [unit, member] : members) {
    if (member.primary && (!primary || member.timeline > members.at(*primary).timeline)) {
      primary = unit;
    }
  }
  return primary;
}

Role role_of(const std::string& unit, const std::map<std::string, Member>& members, bool leader,
             bool initialised) {
  const std::optional<std::string> primary = primary_of(members);
  if (primary) {
    return *primary == unit ? Role::primary : Role::standby;
  }
  if (!leader) {
    return initialised ? Role::standby : Role::unknown;
  }
  return initialised ? Role::heir : Role::primary;
}

std::string relation_user(int relation) {
  return "relation_id_" + std::to_string(relation);
}

World read_world(const charm::juju::Context& context, const HookTools& tools) {
  World world{.unit = context.unit_name,
              .application = application_of(context.unit_name),
              .model = context.model_name,
              .address = tools.bind_address(peer_endpoint),
              .leader = tools.is_leader()};
  read_config(world, tools);
  read_peers(world, tools);
  if (world.peers) {
    read_secret(world, tools);
  }
  read_requirers(world, context, tools);
  return world;
}

void write_self(World& world, const HookTools& tools, const Member& member) {
  Member& known = world.members.at(world.unit);
  if (world.peers && known != member) {
    tools.relation_set(*world.peers, Scope::unit, write_member(member));
  }
  known = member;
}

void write_shared(World& world, const HookTools& tools, const std::string& key,
                  const std::string& value) {
  if (value.empty()) {
    world.shared.erase(key);
  } else {
    world.shared[key] = value;
  }
  tools.relation_set(world.peers.value(), Scope::app, {{key, value}});
}

}  // namespace postgresql
