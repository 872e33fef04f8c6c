// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/partner/partner.hpp"

#include "charm/juju/log_sink.hpp"
#include "charm/pebble/transport.hpp"

#include <exception>
#include <iostream>

namespace rehearsal::partner {
namespace {

using charm::Databag;
using charm::Relation;
using charm::Scope;

int attempt(const Dispatch& dispatch, const std::function<void(const Dispatch&)>& charm) {
  try {
    charm(dispatch);
    return 0;
  } catch (const std::exception& error) {
    if (!dispatch.context.action_name.empty()) {
      dispatch.tools.action_fail(error.what());
      return 0;
    }
    dispatch.tools.log("ERROR", error.what());
    return 1;
  }
}

Relation read_relation(const Dispatch& dispatch, std::string_view endpoint, int id, bool leader) {
  const charm::juju::HookTools& tools = dispatch.tools;
  Relation relation{
      .id = id, .endpoint = std::string(endpoint), .remote_app = tools.relation_app(id)};
  relation.remote_app_data = tools.relation_get(id, relation.remote_app, Scope::app);
  for (const std::string& unit : tools.relation_list(id)) {
    relation.remote_units[unit] = tools.relation_get(id, unit, Scope::unit);
  }
  relation.local_unit_data = tools.relation_get(id, dispatch.context.unit_name, Scope::unit);
  if (leader) {
    relation.local_app_data = tools.relation_get(id, dispatch.application(), Scope::app);
  }
  return relation;
}

}  // namespace

std::string Dispatch::application() const {
  return context.unit_name.substr(0, context.unit_name.find('/'));
}

int run(std::string_view container, const std::function<void(const Dispatch&)>& charm) {
  try {
    const charm::juju::Context context =
        charm::juju::Context::from(charm::juju::process_environment());
    if (!context.concerns_us()) {
      return 0;
    }
    charm::juju::ProcessRunner runner;
    const charm::juju::HookTools tools(runner);
    charm::pebble::UnixSocketTransport transport("/charm/containers/" + std::string(container) +
                                                 "/pebble.socket");
    const charm::pebble::Client pebble(transport);
    return attempt({context, runner, tools, pebble}, charm);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

std::vector<Relation> read_relations(const Dispatch& dispatch, std::string_view endpoint) {
  const bool leader = dispatch.tools.is_leader();
  std::vector<Relation> relations;
  for (const int id : dispatch.tools.relation_ids(endpoint)) {
    if (dispatch.context.broken_relation != id) {
      relations.push_back(read_relation(dispatch, endpoint, id, leader));
    }
  }
  return relations;
}

void publish(const Dispatch& dispatch, const Relation& relation, Scope scope,
             const Databag& wanted) {
  const Databag& ours =
      scope == Scope::app ? relation.local_app_data.value() : relation.local_unit_data;
  Databag changes;
  for (const auto& [key, value] : wanted) {
    const auto known = ours.find(key);
    if (value != (known == ours.end() ? "" : known->second)) {
      changes[key] = value;
    }
  }
  if (!changes.empty()) {
    dispatch.tools.relation_set(relation.id, scope, changes);
  }
}

void point_service(charm::juju::CommandRunner& runner, const std::string& name,
                   const std::string& unit) {
  const charm::juju::CommandResult result =
      runner.run({"rehearsal-service", "set", name, unit}, "");
  if (result.exit_code != 0) {
    throw charm::Error("rehearsal-service: " + result.err);
  }
}

}  // namespace rehearsal::partner
