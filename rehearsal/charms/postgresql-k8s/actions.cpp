// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "backups.hpp"
#include "charm.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace postgresql {

void Charm::run_action() {
  struct Action {
    const char* name;
    void (Charm::*run)();
  };

  constexpr std::array<Action, 9> actions{{{"rotate-password", &Charm::rotate_password},
                                           {"stop-database", &Charm::stop_database},
                                           {"start-database", &Charm::start_database},
                                           {"failover", &Charm::fail_over},
                                           {"sql", &Charm::run_sql},
                                           {"get-password", &Charm::get_password},
                                           {"create-backup", &Charm::create_backup},
                                           {"list-backups", &Charm::list_backups},
                                           {"restore", &Charm::restore}}};
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
  Database database({.host = "127.0.0.1",
                     .user = "operator",
                     .password = world_.secret->operator_password,
                     .database = parameter("database", "postgres")});
  tools_.action_set({{"rows", database.run(parameter("query"))}});
}

std::string Charm::parameter(const std::string& name, const std::string& otherwise) {
  return nlohmann::json::parse(tools_.action_get_json()).value(name, otherwise);
}

void Charm::get_password() {
  const std::string user = parameter("username", "operator");
  if (user == "operator") {
    tools_.action_set({{"password", world_.secret->operator_password}});
  } else if (user == "replication") {
    tools_.action_set({{"password", world_.secret->replication_password}});
  } else {
    tools_.action_fail("there is no system user " + user + ": operator or replication");
  }
}

void Charm::create_backup() {
  Database database = Server(*pebble_, world_).connect();
  make_backup(database, backup_id(std::chrono::system_clock::now()));
  tools_.action_set({{"backup-status", "backup created"}});
}

void Charm::list_backups() {
  Database database = Server(*pebble_, world_).connect();
  std::string table = "backup-id            | action      | status";
  for (const std::string& id : backups(database)) {
    table += "\n" + id + " | full backup | finished";
  }
  tools_.action_set({{"backups", table}});
}

/// What the original refuses, too.
bool Charm::may_restore(const std::string& backup) {
  if (world_.members.size() > 1) {
    tools_.action_fail("scale down to one unit first: there are more");
    return false;
  }
  Database database = Server(*pebble_, world_).connect();
  const std::vector<std::string> known = backups(database);
  if (std::find(known.begin(), known.end(), backup) == known.end()) {
    tools_.action_fail("Invalid backup-id: " + backup);
    return false;
  }
  return true;
}

/// Databases, roles and who owns what are those of the backup then.
void Charm::restore() {
  const std::string backup = parameter("backup-id");
  if (!require_leader() || !may_restore(backup)) {
    return;
  }
  Server(*pebble_, world_).restore(backup);
  tools_.action_set({{"restore-status", "restore started"}});
  reconcile();
}

}  // namespace postgresql
