// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include "rehearsal/charms/partner/partner.hpp"
#include "server_files.hpp"

#include <algorithm>

namespace postgresql {
namespace {

using rehearsal::partner::changed_files;
using rehearsal::partner::is_active;
using rehearsal::partner::run_services;

constexpr const char* layer_label = "postgresql";
constexpr std::chrono::seconds start_limit(40);

std::vector<std::string> certificate_names(const World& world) {
  std::vector<std::string> names = {"DNS:" + world.service_host("primary"),
                                    "DNS:" + world.service_host("replicas"), "DNS:localhost",
                                    "IP:127.0.0.1"};
  if (!world.address.empty()) {
    names.push_back("IP:" + world.address);
  }
  return names;
}

ServerSettings settings_of(const World& world, const KeyPair& certificate, bool standby) {
  ServerSettings settings{.user = find_server_user(),
                          .programs = find_server_programs(),
                          .standby = standby,
                          .tls = world.tls,
                          .plain = world.plain,
                          .certificate = certificate,
                          .operator_password = world.secret->operator_password,
                          .replication_password = world.secret->replication_password,
                          .primary_host = world.service_host("primary")};
  for (const auto& [relation, requirer] : world.requirers) {
    const auto database = requirer.remote.find("database");
    if (database != requirer.remote.end()) {
      settings.accounts.emplace_back(database->second, relation_user(relation));
    }
  }
  return settings;
}

bool has(const std::vector<charm::File>& files, const std::string& path) {
  return std::any_of(files.begin(), files.end(),
                     [&](const charm::File& file) { return file.path == path; });
}

/// Returns after the server has read its files again, which a new session shows.
void reload(Database& database, const Login& login) {
  const std::string query = "SELECT pg_conf_load_time()";
  const std::string before = Database(login).run(query);
  database.reload();
  (void)rehearsal::partner::comes_true([&] { return Database(login).run(query) != before; });
}

}  // namespace

Login Server::login() const {
  return {.host = "127.0.0.1", .user = "operator", .password = world_->secret->operator_password};
}

KeyPair Server::certificate() const {
  const auto existing = pebble_->read({certificate_file, key_file});
  const std::vector<std::string> names = certificate_names(*world_);
  if (existing.size() == 2 &&
      certificate_is_for(existing.at(certificate_file), world_->secret->authority, names)) {
    return {.certificate = existing.at(certificate_file), .key = existing.at(key_file)};
  }
  return make_server_certificate(world_->secret->authority, names);
}

bool Server::write_files(bool standby) {
  const std::vector<charm::File> files = server_files(settings_of(*world_, certificate(), standby));
  const std::vector<charm::File> changed = changed_files(*pebble_, files);
  if (changed.empty()) {
    return false;
  }
  const bool demoted = standby && has(changed, role_file) && !pebble_->read({role_file}).empty();
  pebble_->make_directories(server_directories(find_server_user()));
  pebble_->write(changed);
  if (demoted && is_active(*pebble_, service_name)) {
    restart();
  }
  return true;
}

std::optional<Database> Server::run(bool standby) {
  const bool changed = write_files(standby);
  const bool was_active = is_active(*pebble_, service_name);
  run_services(*pebble_, layer_label, server_layer(find_server_user(), true));
  try {
    Database database = connect_within(login(), start_limit);
    if (changed && was_active) {
      reload(database, login());
    }
    return database;
  } catch (const DatabaseError&) {
    return std::nullopt;
  }
}

void Server::stop() {
  write_files(!world_->self().primary);
  pebble_->add_layer(layer_label, server_layer(find_server_user(), false));
  if (is_active(*pebble_, service_name)) {
    pebble_->stop({service_name});
  }
}

void Server::restart() {
  pebble_->stop({service_name});
  pebble_->start({service_name});
}

void Server::restore(const std::string& backup) {
  const ServerUser user = find_server_user();
  pebble_->write({{.path = restore_file,
                   .content = backup,
                   .mode = 0600,
                   .user_id = user.user_id,
                   .group_id = user.group_id}});
  restart();
  (void)connect_within(login(), start_limit);
}

Database Server::connect() const {
  return Database(login());
}

// The server itself runs the program. Without a websocket, a charm has no other way to run one in a
// container and to wait for its end.
void make_backup(Database& database, const std::string& id) {
  (void)database.run("COPY (SELECT) TO PROGRAM $program$PGPASSFILE=" + std::string(password_file) +
                     " " + find_server_programs() +
                     "/pg_basebackup --host=127.0.0.1 --username=replication --no-password"
                     " --checkpoint=fast --no-sync --pgdata=" +
                     backup_directory + "/" + id + "$program$");
}

std::vector<std::string> backups(Database& database) {
  return database.lines("SELECT pg_ls_dir('" + std::string(backup_directory) +
                        "', true, false) AS id ORDER BY id");
}

}  // namespace postgresql
