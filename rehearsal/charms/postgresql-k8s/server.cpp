// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include "server_files.hpp"

#include <algorithm>

namespace postgresql {
namespace {

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

std::vector<charm::File> changed_files(const std::vector<charm::File>& files,
                                       const std::map<std::string, std::string>& existing) {
  std::vector<charm::File> changed;
  std::copy_if(files.begin(), files.end(), std::back_inserter(changed),
               [&](const charm::File& file) {
                 const auto content = existing.find(file.path);
                 return content == existing.end() || content->second != file.content;
               });
  return changed;
}

bool has(const std::vector<charm::File>& files, const std::string& path) {
  return std::any_of(files.begin(), files.end(),
                     [&](const charm::File& file) { return file.path == path; });
}

bool active(const charm::pebble::Client& pebble) {
  const auto services = pebble.services();
  return std::any_of(services.begin(), services.end(), [](const auto& service) {
    return service.name == service_name && service.current == "active";
  });
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
  std::vector<std::string> paths;
  std::transform(files.begin(), files.end(), std::back_inserter(paths),
                 [](const charm::File& file) { return file.path; });
  const auto existing = pebble_->read(paths);
  const std::vector<charm::File> changed = changed_files(files, existing);
  if (changed.empty()) {
    return false;
  }
  pebble_->make_directories(server_directories(find_server_user()));
  pebble_->write(changed);
  const bool demoted = standby && has(changed, role_file) && existing.count(role_file) != 0;
  if (demoted && active(*pebble_)) {
    pebble_->restart({service_name});
  }
  return true;
}

std::optional<Database> Server::run(bool standby) {
  const bool changed = write_files(standby);
  const bool was_active = active(*pebble_);
  pebble_->add_layer(layer_label, server_layer(find_server_user(), true));
  pebble_->replan();
  try {
    Database database = connect_within(login(), start_limit);
    if (changed && was_active) {
      database.reload();
    }
    return database;
  } catch (const DatabaseError&) {
    return std::nullopt;
  }
}

void Server::stop() {
  write_files(!world_->self().primary);
  pebble_->add_layer(layer_label, server_layer(find_server_user(), false));
  if (active(*pebble_)) {
    pebble_->stop({service_name});
  }
}

void Server::restore(const std::string& backup) {
  const ServerUser user = find_server_user();
  pebble_->write({{.path = restore_file,
                   .content = backup,
                   .mode = 0600,
                   .user_id = user.user_id,
                   .group_id = user.group_id}});
  pebble_->restart({service_name});
  (void)connect_within(login(), start_limit);
}

Database Server::connect() const {
  return Database(login());
}

}  // namespace postgresql
