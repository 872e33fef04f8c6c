// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"

#include "rehearsal/charms/partner/partner.hpp"

namespace postgresql {

using charm::Scope;
using charm::StatusKind;

Charm::Charm(const charm::juju::Context& context, charm::juju::CommandRunner& runner,
             const charm::pebble::Client& pebble)
    : context_(&context), runner_(&runner), tools_(runner), pebble_(&pebble) {}

void Charm::dispatch() {
  if (context_->action_name.empty() && context_->goal() == charm::Goal::stop) {
    return;
  }
  if (context_->hook_name == "secret-remove" && context_->secret_revision) {
    tools_.secret_remove(context_->secret_id, *context_->secret_revision);
    return;
  }
  world_ = read_world(*context_, tools_);
  if (!world_.secret) {
    tools_.status_set(Scope::unit, {StatusKind::waiting, "waiting for the leader unit"});
    return;
  }
  if (context_->action_name.empty()) {
    reconcile();
  } else {
    run_action();
  }
}

std::optional<Database> Charm::primary() const {
  try {
    Database database({.host = world_.service_host("primary"),
                       .user = "operator",
                       .password = world_.secret->operator_password});
    return database.in_recovery() ? std::nullopt : std::optional(std::move(database));
  } catch (const DatabaseError&) {
    return std::nullopt;
  }
}

std::optional<Database> Charm::run_server(Role role) {
  Member self = world_.self();
  self.address = world_.address;
  if (role == Role::unknown || self.stopped) {
    write_self(world_, tools_, self);
    return std::nullopt;
  }
  const bool standby = role == Role::standby || role == Role::heir;
  std::optional<Database> database = Server(*pebble_, world_).run(standby);
  if (database && role == Role::heir) {
    database->promote();
  }
  if (database && role != Role::standby) {
    self.primary = !database->in_recovery();
    self.timeline = database->timeline();
    database->ensure_replication_role(world_.secret->replication_password);
  } else if (role == Role::standby) {
    self.primary = false;
  }
  write_self(world_, tools_, self);
  return database;
}

/// The primary takes the name that leads to it; each standby that of the replicas.
void Charm::point_services() {
  const Member& self = world_.self();
  rehearsal::partner::point_service(*runner_, world_.service(self.primary ? "primary" : "replicas"),
                                    world_.unit);
}

void Charm::answer_relations(bool renew) {
  Relations relations(world_, tools_);
  if (context_->broken_relation) {
    relations.forget(*context_->broken_relation);
  }
  std::optional<Database> database = primary();
  if (!database) {
    relations.remember();
    return;
  }
  if (!world_.initialised()) {
    write_shared(world_, tools_, "initialised", "true");
  }
  problems_ = relations.answer(*database, renew);
}

void Charm::report(const Database* database, const std::vector<std::string>& problems) {
  if (world_.self().stopped) {
    tools_.status_set(Scope::unit, {StatusKind::blocked, "stopped by the action stop-database"});
  } else if (database == nullptr) {
    tools_.status_set(Scope::unit, {StatusKind::waiting, "waiting for the server"});
  } else if (!problems.empty()) {
    tools_.status_set(Scope::unit, {StatusKind::blocked, problems.front()});
  } else {
    tools_.status_set(Scope::unit, {StatusKind::active, world_.self().primary ? "Primary" : ""});
  }
}

void Charm::reconcile() {
  const Role role = role_of(world_.unit, world_.members, world_.leader, world_.initialised());
  std::optional<Database> database;
  try {
    database = run_server(role);
  } catch (const charm::pebble::ConnectionError&) {
    tools_.status_set(Scope::unit, {StatusKind::waiting, "waiting for Pebble"});
    return;
  }
  if (database) {
    tools_.application_version_set(database->version());
    point_services();
  }
  if (world_.leader) {
    answer_relations(false);
  }
  report(database ? &*database : nullptr, problems_);
}

}  // namespace postgresql
