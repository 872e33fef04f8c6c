// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace postgresql {

void Charm::run_action() {
  struct Action {
    const char* name;
    void (Charm::*run)();
  };

  constexpr std::array<Action, 5> actions{{{"rotate-password", &Charm::rotate_password},
                                           {"stop-database", &Charm::stop_database},
                                           {"start-database", &Charm::start_database},
                                           {"failover", &Charm::fail_over},
                                           {"sql", &Charm::run_sql}}};
  for (const Action& action : actions) {
    if (context_->action_name == action.name) {
      (this->*action.run)();
      return;
    }
  }
  publish_authority(context_->action_name == "restore-ca");
}

bool Charm::require_leader() {
  if (!world_.leader) {
    tools_.action_fail("run this on the leader");
  }
  return world_.leader;
}

void Charm::rotate_password() {
  if (require_leader()) {
    answer_relations(true);
  }
}

void Charm::publish_authority(bool right) {
  if (!require_leader()) {
    return;
  }
  // Of the same name: only the signature tells them apart.
  write_shared(world_, tools_, "published-ca",
               right ? "" : make_authority(world_.application + " CA").certificate);
  answer_relations(false);
}

void Charm::stop_database() {
  Server(*pebble_, world_).stop();
  Member self = world_.self();
  self.stopped = true;
  write_self(world_, tools_, self);
  report(nullptr, {});
}

void Charm::start_database() {
  Member self = world_.self();
  self.stopped = false;
  write_self(world_, tools_, self);
  reconcile();
}

void Charm::fail_over() {
  Database database = Server(*pebble_, world_).connect();
  if (!database.in_recovery()) {
    tools_.action_fail("this unit is the primary: run it on a standby");
    return;
  }
  database.promote();
  Member self = world_.self();
  self.primary = true;
  self.timeline = database.timeline();
  write_self(world_, tools_, self);
  point_services();
  if (world_.leader) {
    answer_relations(false);
  }
  tools_.action_set({{"primary", world_.unit}, {"timeline", std::to_string(self.timeline)}});
  report(&database, problems_);
}

void Charm::run_sql() {
  const auto parameters = nlohmann::json::parse(tools_.action_get_json());
  Database database({.host = "127.0.0.1",
                     .user = "operator",
                     .password = world_.secret->operator_password,
                     .database = parameters.value("database", "postgres")});
  tools_.action_set({{"rows", database.run(parameters.value("query", ""))}});
}

}  // namespace postgresql
