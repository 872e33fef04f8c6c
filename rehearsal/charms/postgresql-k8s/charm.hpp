// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/command_runner.hpp"
#include "charm/juju/context.hpp"
#include "charm/pebble/client.hpp"
#include "relations.hpp"
#include "server.hpp"
#include "world.hpp"

#include <optional>

namespace postgresql {

/// One dispatch of the charm.
class Charm {
 public:
  Charm(const charm::juju::Context& context, charm::juju::CommandRunner& runner,
        const charm::pebble::Client& pebble);

  /// Hooks and actions alike. Throws charm::Error, which is a failed hook.
  void dispatch();

 private:
  void reconcile();
  /// Brings this unit's server to where it has to be; nothing while it is not usable.
  std::optional<Database> run_server(Role role);
  void report(const Database* database, const std::vector<std::string>& problems);
  void answer_relations(bool renew);
  void point_services();
  [[nodiscard]] std::optional<Database> primary() const;

  void run_action();
  void rotate_password();
  void publish_authority(bool right);
  void stop_database();
  void start_database();
  void fail_over();
  void run_sql();
  void get_password();
  void create_backup();
  void list_backups();
  void restore();
  [[nodiscard]] bool may_restore(const std::string& backup);
  [[nodiscard]] bool require_leader();
  [[nodiscard]] std::string parameter(const std::string& name, const std::string& otherwise = {});

  const charm::juju::Context* context_;
  charm::juju::CommandRunner* runner_;
  charm::juju::HookTools tools_;
  const charm::pebble::Client* pebble_;
  World world_;
  std::vector<std::string> problems_;
};

}  // namespace postgresql
