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

/// A real PostgreSQL server of the distribution in a temporary directory, on the loopback address
/// and a unix socket. If root runs the test, the server belongs to the user `postgres`. Nothing of
/// it outlives the test. Roles log in with a password (SCRAM) over TCP. The superuser `postgres`
/// needs none, over the unix socket only.
class PostgresCluster {
 public:
  /// Makes the cluster and starts it. Throws std::runtime_error with the server's log.
  PostgresCluster();

  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  ~PostgresCluster();

  /// Starts the server, each time on the same port, and returns when it accepts connections.
  void start();
  /// Ends the server and every connection to it ("fast" shutdown).
  void stop();

  void restart() {
    stop();
    start();
  }

  /// Turns TLS on and reloads. The new server certificate has these subject alternative names in
  /// openssl's form. The certificate authority of `ca_certificate()` signs it. A second call makes
  /// a new certificate with the same authority.
  void make_tls(const std::vector<std::string>& names = {"DNS:localhost", "IP:127.0.0.1"});
  /// Rejects TCP connections without TLS from now on. Needs make_tls().
  void require_tls();
  /// Appends lines to postgresql.conf. Settings that PostgreSQL's documentation marks so need
  /// restart().
  void configure(const std::string& lines);

  /// Makes a role that may log in.
  void create_role(const std::string& name, const std::string& password);
  void create_database(const std::string& name, const std::string& owner);
  /// Runs SQL as the superuser. Returns the rows, unaligned, columns separated by `|`, without the
  /// last newline. Throws std::runtime_error with psql's message.
  std::string psql(const std::string& sql, const std::string& database = "postgres") const;

  std::uint16_t port() const { return port_; }

  std::string host() const { return "127.0.0.1"; }

  const std::filesystem::path& socket_directory() const { return files_.path(); }

  /// The authority that signs the server's certificates. Readable for all users.
  std::filesystem::path ca_certificate() const { return files_.path() / "ca.crt"; }

  /// An authority of the same name that signed no certificate here.
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
