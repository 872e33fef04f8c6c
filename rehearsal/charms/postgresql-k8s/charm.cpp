// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/utc.hpp"
#include "charm/juju/command_runner.hpp"
#include "charm/juju/context.hpp"
#include "charm/pebble/client.hpp"
#include "cluster.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "relations.hpp"
#include "server.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace postgresql {
namespace {

using charm::Scope;
using charm::StatusKind;
using rehearsal::partner::Dispatch;

/// One dispatch of the charm.
class Charm {
 public:
  explicit Charm(const Dispatch& dispatch) : dispatch_(&dispatch) {}

  /// Handles hooks and actions. Throws charm::Error for a failed hook.
  void handle() {
    if (dispatch_->context.hook_name == "secret-remove" && dispatch_->context.secret_revision) {
      tools().secret_remove(dispatch_->context.secret_id, *dispatch_->context.secret_revision);
      return;
    }
    world_ = read_world(dispatch_->context, tools());
    if (!world_.secret) {
      tools().status_set(Scope::unit, {StatusKind::waiting, "waiting for the leader unit"});
      return;
    }
    if (dispatch_->context.action_name.empty()) {
      reconcile();
    } else {
      run_action();
    }
  }

 private:
  void reconcile() {
    const Role role = role_of(world_.unit, world_.members, world_.leader, world_.initialised());
    std::optional<Database> database = run_server(role);
    if (database) {
      tools().application_version_set(database->version());
      point_services();
    }
    if (world_.leader) {
      answer_relations(false);
    }
    report(database ? &*database : nullptr, problems_);
  }

  /// Brings this unit's server into its desired state. Returns nothing while it is not usable.
  std::optional<Database> run_server(Role role) {
    Member self = world_.self();
    self.address = world_.address;
    if (role == Role::unknown || self.stopped) {
      write_self(world_, tools(), self);
      return std::nullopt;
    }
    const bool standby = role == Role::standby || role == Role::heir;
    std::optional<Database> database = server().run(standby);
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
    write_self(world_, tools(), self);
    return database;
  }

  void report(const Database* database, const std::vector<std::string>& problems) {
    if (world_.self().stopped) {
      tools().status_set(Scope::unit, {StatusKind::blocked,
                                       "stopped by the action stop-database; run start-database"});
    } else if (database == nullptr) {
      tools().status_set(Scope::unit, {StatusKind::waiting, "waiting for the PostgreSQL server"});
    } else if (!problems.empty()) {
      tools().status_set(Scope::unit, {StatusKind::blocked, problems.front()});
    } else {
      tools().status_set(Scope::unit, {StatusKind::active, world_.self().primary ? "Primary" : ""});
    }
  }

  void answer_relations(bool renew) {
    Relations relations(world_, tools());
    if (dispatch_->context.broken_relation) {
      relations.forget(*dispatch_->context.broken_relation);
    }
    std::optional<Database> database = primary();
    if (!database) {
      relations.remember();
      return;
    }
    if (!world_.initialised()) {
      write_shared(world_, tools(), "initialised", "true");
    }
    problems_ = relations.answer(*database, renew);
  }

  /// The primary has the name of the primary, and each standby that of the replicas.
  void point_services() {
    const Member& self = world_.self();
    rehearsal::partner::point_service(
        dispatch_->runner, world_.service(self.primary ? "primary" : "replicas"), world_.unit);
  }

  [[nodiscard]] std::optional<Database> primary() const {
    try {
      Database database({.host = world_.service_host("primary"),
                         .user = "operator",
                         .password = world_.secret->operator_password});
      return database.in_recovery() ? std::nullopt : std::optional(std::move(database));
    } catch (const DatabaseError&) {
      return std::nullopt;
    }
  }

  void run_action() {
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
      if (dispatch_->context.action_name == action.name) {
        (this->*action.run)();
        return;
      }
    }
    publish_authority(dispatch_->context.action_name == "restore-ca");
  }

  void rotate_password() {
    if (require_leader()) {
      answer_relations(true);
    }
  }

  void publish_authority(bool right) {
    if (!require_leader()) {
      return;
    }
    // The new authority has the same name, so that only the signature differs.
    write_shared(world_, tools(), "published-ca",
                 right ? "" : make_authority(world_.application + " CA").certificate);
    answer_relations(false);
  }

  void stop_database() {
    server().stop();
    Member self = world_.self();
    self.stopped = true;
    write_self(world_, tools(), self);
    report(nullptr, {});
  }

  void start_database() {
    Member self = world_.self();
    self.stopped = false;
    write_self(world_, tools(), self);
    reconcile();
  }

  void fail_over() {
    Database database = server().connect();
    if (!database.in_recovery()) {
      tools().action_fail("this unit is the primary: run failover on a standby");
      return;
    }
    database.promote();
    Member self = world_.self();
    self.primary = true;
    self.timeline = database.timeline();
    write_self(world_, tools(), self);
    point_services();
    if (world_.leader) {
      answer_relations(false);
    }
    tools().action_set({{"primary", world_.unit}, {"timeline", std::to_string(self.timeline)}});
    report(&database, problems_);
  }

  void run_sql() {
    Database database({.host = "127.0.0.1",
                       .user = "operator",
                       .password = world_.secret->operator_password,
                       .database = parameter("database", "postgres")});
    tools().action_set({{"rows", database.run(parameter("query"))}});
  }

  void get_password() {
    const std::string user = parameter("username", "operator");
    if (user == "operator") {
      tools().action_set({{"password", world_.secret->operator_password}});
    } else if (user == "replication") {
      tools().action_set({{"password", world_.secret->replication_password}});
    } else {
      tools().action_fail("unknown system user " + user + ": use operator or replication");
    }
  }

  void create_backup() {
    Database database = server().connect();
    // The form of a backup's ID in the original: `2026-11-27T08:47:12Z`.
    make_backup(database, charm::utc_text(std::chrono::floor<std::chrono::seconds>(
                              std::chrono::system_clock::now())));
    tools().action_set({{"backup-status", "backup created"}});
  }

  void list_backups() {
    Database database = server().connect();
    std::string table = "backup-id            | action      | status";
    for (const std::string& id : backups(database)) {
      table += "\n" + id + " | full backup | finished";
    }
    tools().action_set({{"backups", table}});
  }

  /// Databases, roles and owners become those of the backup.
  void restore() {
    const std::string backup = parameter("backup-id");
    if (!require_leader() || !may_restore(backup)) {
      return;
    }
    server().restore(backup);
    tools().action_set({{"restore-status", "restore started"}});
    reconcile();
  }

  /// The original refuses in the same cases.
  [[nodiscard]] bool may_restore(const std::string& backup) {
    if (world_.members.size() > 1) {
      tools().action_fail("the application has several units: scale it down to one first");
      return false;
    }
    Database database = server().connect();
    const std::vector<std::string> known = backups(database);
    if (std::find(known.begin(), known.end(), backup) == known.end()) {
      tools().action_fail("Invalid backup-id: " + backup);
      return false;
    }
    return true;
  }

  [[nodiscard]] bool require_leader() {
    if (!world_.leader) {
      tools().action_fail("this unit is not the leader: run the action on the leader");
    }
    return world_.leader;
  }

  [[nodiscard]] std::string parameter(const std::string& name, const std::string& otherwise = {}) {
    return nlohmann::json::parse(tools().action_get_json()).value(name, otherwise);
  }

  [[nodiscard]] const charm::juju::HookTools& tools() const { return dispatch_->tools; }

  [[nodiscard]] Server server() const { return {dispatch_->pebble, world_}; }

  const Dispatch* dispatch_;
  World world_;
  std::vector<std::string> problems_;
};

}  // namespace
}  // namespace postgresql

int main() {
  return rehearsal::partner::run("postgresql", [](const rehearsal::partner::Dispatch& dispatch) {
    postgresql::Charm(dispatch).handle();
  });
}
