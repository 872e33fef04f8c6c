// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/digest.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/keyserver/client.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/client.hpp"
#include "charm/postgres/key_database.hpp"
#include "charm/postgres/probe.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace charm {

/// The charm's doors to the outside: everything that observe() reads and apply() writes goes
/// through one of these.
struct World {
  const juju::HookTools& juju;
  const pebble::Client& pebble;
  /// Of one endpoint; the number is the longest wait for each of its addresses, in seconds.
  std::function<postgres::ProbeResult(const postgres::Target&, int)> probe;
  std::function<KeyserverHealth()> keyserver;
  std::function<std::string()> keyserver_version;  ///< Empty while it does not answer.
  /// The content that a download is to give, checked; throws download::DownloadError. The databag
  /// holds Juju's proxies.
  std::function<std::string(const Download&, const Databag&)> download;
  /// What the URL that a checksum names leads to, checked and unpacked; throws
  /// download::DownloadError.
  std::function<std::string(const Checksum&, const Databag&)> fetch;
  /// Makes the block list of the database what the charm needs, and says what the database holds;
  /// throws postgres::DatabaseError.
  std::function<prefix_tree::DatabaseContent(const postgres::Target&)> prepare_database;
  std::function<std::int64_t(const postgres::Target&)> count_keys;  ///< Throws the same.
  /// Digests in the prefix tree, as the keyserver says; absent while it does not answer.
  std::function<std::optional<std::int64_t>()> count_digests;
  std::function<openpgp::AdminKey(const std::string& user_id)> new_admin_key;
  /// In the keyserver.
  std::function<keyserver::StoredKey(const std::string& fingerprint)> find_key;
  std::function<void(const std::string& armor)> add_key;  ///< To the keyserver.
  /// Sends openpgp::trial_request(): 404 where the keyserver takes requests of the key.
  std::function<keyserver::Answer(const openpgp::AdminKey&)> try_admin_key;
  std::function<std::chrono::sys_seconds()> now;
  std::function<keyserver::Metrics()> metrics;  ///< The keyserver's.
  /// The IP addresses of a host; none where it cannot be resolved.
  std::function<std::vector<std::string>(const std::string& host)> addresses_of;
  std::function<void()> pause;  ///< Between two looks at a keyserver that is starting.
};

}  // namespace charm
