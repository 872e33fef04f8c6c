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

/// This unit's server in its workload container. Functions throw charm::Error and DatabaseError,
/// and charm::pebble::ConnectionError while Pebble cannot be reached.
class Server {
 public:
  Server(const charm::pebble::Client& pebble, const World& world)
      : pebble_(&pebble), world_(&world) {}

  /// Writes its files and starts it, and waits until it accepts connections. Makes it again as a
  /// standby if it was the primary before. Returns nothing if it does not accept connections in
  /// time.
  [[nodiscard]] std::optional<Database> run(bool standby);
  void stop();
  /// Replaces all data with the backup. Waits until the server accepts connections.
  void restore(const std::string& backup);

  /// Connects to this unit's server, without waiting.
  [[nodiscard]] Database connect() const;

 private:
  /// Returns true if a running server must read its files again.
  bool write_files(bool standby);
  void restart();
  [[nodiscard]] KeyPair certificate() const;
  [[nodiscard]] Login login() const;

  const charm::pebble::Client* pebble_;
  const World* world_;
};

/// Copies the whole cluster with all its databases and roles while it runs. Throws DatabaseError,
/// for example if there is a backup with that ID.
void make_backup(Database& database, const std::string& id);

/// Returns the IDs of all backups, oldest first.
[[nodiscard]] std::vector<std::string> backups(Database& database);

}  // namespace postgresql
