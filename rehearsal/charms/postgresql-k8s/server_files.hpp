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

/// The user that the servers run as.
struct ServerUser {
  int user_id = 0;
  int group_id = 0;
};

/// Everything that the files of one server are made of.
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
  /// Who may connect to what: database and user of each relation.
  std::vector<std::pair<std::string, std::string>> accounts;
};

/// The files, owned by the server's user: its configuration, who may connect, the certificate, the
/// passwords it needs to start, and the script that starts it.
[[nodiscard]] std::vector<charm::File> server_files(const ServerSettings& settings);

/// Where a server's data and its backups are.
[[nodiscard]] std::vector<charm::Directory> server_directories(const ServerUser& user);

[[nodiscard]] charm::Layer server_layer(const ServerUser& user, bool enabled);

/// The path of the file that says whether the server starts as primary or standby.
inline constexpr const char* role_file = "/var/lib/postgresql/conf/role";
/// Where backups are: on the storage, which stands for the S3 of the original.
inline constexpr const char* backup_directory = "/var/lib/postgresql/data/backups";
/// Holds the id of a backup that the server has to take the place of its data from when it starts
/// next; the start removes it.
inline constexpr const char* restore_file = "/var/lib/postgresql/conf/restore";
/// The password of replication, in the form that libpq's programs read.
inline constexpr const char* password_file = "/var/lib/postgresql/conf/pgpass";
inline constexpr const char* certificate_file = "/var/lib/postgresql/conf/server.crt";
inline constexpr const char* key_file = "/var/lib/postgresql/conf/server.key";
inline constexpr const char* service_name = "postgresql";

/// The newest PostgreSQL of this machine: `/usr/lib/postgresql/15/bin`. Throws charm::Error when
/// there is none.
[[nodiscard]] std::string find_server_programs();

/// The machine's user `postgres`. Throws charm::Error when there is none.
[[nodiscard]] ServerUser find_server_user();

}  // namespace postgresql
