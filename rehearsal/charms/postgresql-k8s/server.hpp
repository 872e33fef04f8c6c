// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"
#include "database.hpp"
#include "world.hpp"

#include <optional>

namespace postgresql {

/// This unit's server in its workload container. Functions throw charm::Error, DatabaseError and,
/// while Pebble is not there, charm::pebble::ConnectionError.
class Server {
 public:
  Server(const charm::pebble::Client& pebble, const World& world)
      : pebble_(&pebble), world_(&world) {}

  /// Writes its files, starts it, or makes it anew as a standby when it was the primary before, and
  /// waits until it takes connections. Nothing while it does not in that time.
  [[nodiscard]] std::optional<Database> run(bool standby);
  void stop();
  /// Puts the backup in the place of all data. Waits until the server takes connections.
  void restore(const std::string& backup);

  /// Its own server, without waiting.
  [[nodiscard]] Database connect() const;

 private:
  /// True when a running server has to read its files again.
  bool write_files(bool standby);
  [[nodiscard]] KeyPair certificate() const;
  [[nodiscard]] Login login() const;

  const charm::pebble::Client* pebble_;
  const World* world_;
};

}  // namespace postgresql
