// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/keyserver/client.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/client.hpp"
#include "charm/postgres/key_database.hpp"
#include "charm/postgres/probe.hpp"

#include <functional>

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
  /// Makes the block list of the database what the charm needs; throws postgres::DatabaseError.
  std::function<void(const postgres::Target&)> prepare_database;
  std::function<openpgp::AdminKey(const std::string& user_id)> new_admin_key;
  /// In the keyserver.
  std::function<keyserver::StoredKey(const std::string& fingerprint)> find_key;
  std::function<void(const std::string& armor)> add_key;  ///< To the keyserver.
  /// Sends openpgp::trial_request(): 404 where the keyserver takes requests of the key.
  std::function<keyserver::Answer(const openpgp::AdminKey&)> try_admin_key;
  std::function<void()> pause;  ///< Between two looks at a keyserver that is starting.
};

}  // namespace charm
