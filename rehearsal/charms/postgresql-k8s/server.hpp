// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"
#include "cluster.hpp"
#include "database.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace postgresql {

/// This unit's server in its workload container. Functions throw charm::Error, DatabaseError and,
/// while Pebble is not there, charm::pebble::ConnectionError.
class Server {
 public:
  Server(const charm::pebble::Client& pebble, const World& world)
      : pebble_(&pebble), world_(&world) {}

  /// Writes its files, starts it, or makes it again as a standby when it was the primary before,
  /// and waits until it takes connections. Nothing while it does not in that time.
  [[nodiscard]] std::optional<Database> run(bool standby);
  void stop();
  /// Puts the backup in the place of all data. Waits until the server takes connections.
  void restore(const std::string& backup);

  /// Its own server, without waiting.
  [[nodiscard]] Database connect() const;

 private:
  /// True when a running server has to read its files again.
  bool write_files(bool standby);
  void restart();
  [[nodiscard]] KeyPair certificate() const;
  [[nodiscard]] Login login() const;

  const charm::pebble::Client* pebble_;
  const World* world_;
};

/// Copies the whole cluster, all its databases and roles, while it runs. Throws DatabaseError, also
/// when there is one of that id.
void make_backup(Database& database, const std::string& id);

/// The ids of all backups, oldest first.
[[nodiscard]] std::vector<std::string> backups(Database& database);

}  // namespace postgresql
