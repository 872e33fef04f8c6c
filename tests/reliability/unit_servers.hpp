// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/reliability/kept_database.hpp"
#include "tests/support/socket_server.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <atomic>
#include <memory>
#include <mutex>

/// The HTTP servers of one unit: Pebble at its socket, and the keyserver and its metrics at their
/// ports. They answer from the state of the unit.
class UnitServers {
 public:
  /// An answer of Pebble or the keyserver holds the mutex. All references outlive the servers.
  UnitServers(charm::DispatchedUnit& unit, KeptDatabase& database, std::mutex& mutex);

  /// Lets the programs listen that run.
  void match();
  /// Ends all servers. match() begins them again.
  void close();

  /// A frozen keyserver accepts connections, but answers nothing.
  void freeze_keyserver(bool frozen) { keyserver_is_frozen_ = frozen; }

 private:
  void match_keyserver();
  charm::pebble::Response answer_pebble(const charm::pebble::Request& request);
  charm::pebble::Response answer_hkp(const charm::pebble::Request& request);

  charm::DispatchedUnit& unit_;
  KeptDatabase& database_;
  std::mutex& mutex_;
  std::atomic<bool> keyserver_is_frozen_ = false;
  std::unique_ptr<test::SocketServer> pebble_;
  std::unique_ptr<test::SocketServer> keyserver_;
  std::unique_ptr<test::SocketServer> metrics_;
};
