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

/// Everything outside that the charm reads or writes goes through one of these doors. Juju and
/// Pebble have theirs at the boundary of the process: juju::HookTools speaks through
/// juju::CommandRunner, pebble::Client through pebble::Transport. keyserver::Client is one itself.
namespace charm {

/// The PostgreSQL servers that the database relation names.
class Databases {
 public:
  virtual ~Databases() = default;

  /// Whether the server accepts writes. Waits a few seconds at most for each of its addresses.
  [[nodiscard]] virtual postgres::ProbeResult probe(const Database& database) = 0;
  /// Makes the block list of the database what the charm needs, and says what the database holds.
  /// Throws postgres::DatabaseError.
  [[nodiscard]] virtual prefix_tree::DatabaseContent prepare(const Database& database) = 0;
  /// Throws postgres::DatabaseError.
  [[nodiscard]] virtual std::int64_t count_keys(const Database& database) = 0;
  /// The database as it is, for an action. Its connection stays open, and prepare() uses it, too.
  /// Throws postgres::DatabaseError.
  [[nodiscard]] virtual postgres::KeyDatabase& open(const Database& database) = 0;
};

/// Files from the network. Both throw download::DownloadError.
class Downloads {
 public:
  virtual ~Downloads() = default;

  /// The program, unpacked and checked.
  [[nodiscard]] virtual std::string fetch(const Download& program, const Egress& egress) = 0;
  /// What the URL of a checksum leads to, unpacked where it is a gzip file, and checked.
  [[nodiscard]] virtual std::string fetch(const Checksum& file, const Egress& egress) = 0;
  /// The IP addresses of a host; none where it cannot be resolved.
  [[nodiscard]] virtual std::vector<std::string> addresses_of(const std::string& host) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual std::chrono::sys_seconds now() = 0;
  /// A tenth of a second, between two looks at what takes its time.
  virtual void pause() = 0;
};

/// Chance: where new keys come from.
class KeyGenerator {
 public:
  virtual ~KeyGenerator() = default;

  /// As openpgp::AdminKey::generate().
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
