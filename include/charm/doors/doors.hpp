// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/certificates.hpp"
#include "charm/domain/database.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/keyserver/client.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/client.hpp"
#include "charm/postgres/key_database.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The charm reads and writes everything outside through one of these doors. Juju and Pebble have
/// theirs at the boundary of the process: juju::HookTools uses juju::CommandRunner, and
/// pebble::Client uses pebble::Transport. keyserver::Client is a door itself.
namespace charm {

/// The PostgreSQL servers that the database relation names.
class Databases {
 public:
  virtual ~Databases() = default;

  /// Asks whether the server accepts writes. Waits at most a few seconds for each of its addresses.
  [[nodiscard]] virtual postgres::ProbeResult probe(const Database& database) = 0;
  /// Brings the block list of the database into the form that the charm needs, and returns the
  /// content of the database. Throws postgres::DatabaseError.
  [[nodiscard]] virtual prefix_tree::DatabaseContent prepare(const Database& database) = 0;
  /// Makes the database accept these keys and no others. Throws postgres::DatabaseError.
  virtual postgres::KeptUploads keep_uploads(const Database& database,
                                             const UploadPolicy& policy) = 0;
  /// Counts the stored keys. Throws postgres::DatabaseError.
  [[nodiscard]] virtual postgres::KeyCount count_keys(const Database& database,
                                                      std::chrono::seconds settling) = 0;
  /// Opens the database as it is, for an action. The connection stays open, and prepare() uses it
  /// as well. Throws postgres::DatabaseError.
  [[nodiscard]] virtual postgres::KeyDatabase& open(const Database& database) = 0;
};

/// Files from the network. Both throw download::DownloadError.
class Downloads {
 public:
  virtual ~Downloads() = default;

  /// Returns the program, unpacked and checked.
  [[nodiscard]] virtual std::string fetch(const Download& program, const Egress& egress) = 0;
  /// Returns the file at the URL of a checksum, checked, and unpacked if it is a gzip file.
  [[nodiscard]] virtual std::string fetch(const Checksum& file, const Egress& egress) = 0;
  /// Returns the IP addresses of a host; none if the name does not resolve.
  [[nodiscard]] virtual std::vector<std::string> addresses_of(const std::string& host) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual std::chrono::sys_seconds now() = 0;
  /// Waits a tenth of a second between two checks of a slow operation.
  virtual void pause() = 0;
  /// Waits until that time, and no longer than `longest_wait`.
  virtual void wait_until(std::chrono::sys_seconds time) = 0;
};

/// The source of new keys, and so of randomness.
class KeyGenerator {
 public:
  virtual ~KeyGenerator() = default;

  /// Works like openpgp::AdminKey::generate().
  [[nodiscard]] virtual openpgp::AdminKey admin_key(const std::string& user_id,
                                                    std::chrono::sys_seconds created) = 0;
};

struct Doors {
  const juju::HookTools& juju;
  const pebble::Client& pebble;
  const keyserver::Client& keyserver;
  Databases& databases;
  Downloads& downloads;
  Clock& clock;
  KeyGenerator& keys;
};

}  // namespace charm
