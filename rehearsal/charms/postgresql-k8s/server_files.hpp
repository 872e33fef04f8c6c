// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificates.hpp"
#include "charm/domain/layer.hpp"

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace postgresql {

/// The user of the server processes.
struct ServerUser {
  int user_id = 0;
  int group_id = 0;
};

/// All settings in the files of one server.
struct ServerSettings {
  ServerUser user;
  std::string programs;  ///< The directory of PostgreSQL's programs.
  bool standby = false;
  bool tls = false;
  bool plain = true;  ///< Connections without TLS are accepted as well.
  KeyPair certificate;
  std::string operator_password;
  std::string replication_password;
  std::string primary_host;
  /// Allowed connections: database and user of each relation.
  std::vector<std::pair<std::string, std::string>> accounts;
};

/// Returns the files, which the server's user owns: its configuration, the access rules, the
/// certificate, the passwords that it needs to start, and the start script.
[[nodiscard]] std::vector<charm::File> server_files(const ServerSettings& settings);

/// Returns the directories of a server's data and its backups.
[[nodiscard]] std::vector<charm::Directory> server_directories(const ServerUser& user);

[[nodiscard]] charm::Layer server_layer(const ServerUser& user, bool enabled);

/// The file that decides whether the server starts as primary or standby.
inline constexpr const char* role_file = "/var/lib/postgresql/conf/role";
/// The directory of backups. It is on the storage, and replaces the S3 of the original.
inline constexpr const char* backup_directory = "/var/lib/postgresql/data/backups";
/// Holds the ID of a backup. The next start replaces the server's data with that backup and removes
/// this file.
inline constexpr const char* restore_file = "/var/lib/postgresql/conf/restore";
/// The password for replication, in the form that libpq's programs read.
inline constexpr const char* password_file = "/var/lib/postgresql/conf/pgpass";
inline constexpr const char* certificate_file = "/var/lib/postgresql/conf/server.crt";
inline constexpr const char* key_file = "/var/lib/postgresql/conf/server.key";
inline constexpr const char* service_name = "postgresql";

/// Returns the newest PostgreSQL of this machine: `/usr/lib/postgresql/15/bin`. Throws charm::Error
/// if there is none.
[[nodiscard]] std::string find_server_programs();

/// Returns the machine's user `postgres`. Throws charm::Error if there is none.
[[nodiscard]] ServerUser find_server_user();

}  // namespace postgresql
