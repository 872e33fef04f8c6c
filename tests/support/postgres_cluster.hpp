// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace test {

/// A real PostgreSQL server of the distribution, in a temporary directory, on the loopback address
/// and a unix socket. Run by root it belongs to the user `postgres`. Nothing of it outlives the
/// test. Roles log in with a password (SCRAM) over TCP; the superuser `postgres` without one, over
/// the unix socket only.
class PostgresCluster {
 public:
  /// Makes the cluster and starts it; throws std::runtime_error with the server's log.
  PostgresCluster();

  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  ~PostgresCluster();

  /// Starts the server (on the same port each time); returns when it takes connections.
  void start();
  /// Ends the server and every connection to it ("fast" shutdown).
  void stop();

  void restart() {
    stop();
    start();
  }

  /// Turns TLS on (and reloads) with a new server certificate for these subject alternative names,
  /// written as openssl has them, signed by the certificate authority of `ca_certificate()`.
  /// Called again it rotates the certificate; the authority stays.
  void make_tls(const std::vector<std::string>& names = {"DNS:localhost", "IP:127.0.0.1"});
  /// From now on TCP connections without TLS are refused. Needs make_tls().
  void require_tls();
  /// Appends lines to postgresql.conf; those marked so in PostgreSQL's documentation need
  /// restart().
  void configure(const std::string& lines);

  /// A role that may log in.
  void create_role(const std::string& name, const std::string& password);
  void create_database(const std::string& name, const std::string& owner);
  /// Runs SQL as the superuser. Returns the rows, unaligned, columns separated by `|`, without the
  /// last newline. Throws std::runtime_error with psql's message.
  std::string psql(const std::string& sql, const std::string& database = "postgres") const;

  std::uint16_t port() const { return port_; }

  std::string host() const { return "127.0.0.1"; }

  const std::filesystem::path& socket_directory() const { return files_.path(); }

  /// The authority that signs the server's certificates. Readable by everyone.
  std::filesystem::path ca_certificate() const { return files_.path() / "ca.crt"; }

  /// An authority of the same name that signed nothing here.
  std::filesystem::path wrong_ca_certificate() const { return files_.path() / "wrong-ca.crt"; }

  std::string log() const;

 private:
  std::filesystem::path data() const { return files_.path() / "data"; }

  void initialise();
  bool ready() const;
  void reload() const;

  TemporaryDirectory files_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace test
