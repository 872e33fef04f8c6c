// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace postgresql {

/// The server refused or could not be reached. Holds the server's message, never a password.
class DatabaseError : public charm::Error {
 public:
  using Error::Error;
};

/// The server and the user of a connection. TLS is used if the server has it.
struct Login {
  std::string host;
  std::string user;
  std::string password;
  std::string database = "postgres";
};

/// A role or database that a related application requested.
struct Account {
  std::string user;
  std::string password;
  std::string database;
  std::vector<std::string> roles;  ///< Role attributes such as CREATEDB, and names of other roles.
  bool only_user = true;           ///< No other relation uses this database.
};

/// One connection of the superuser. Every function throws DatabaseError.
class Database {
 public:
  explicit Database(const Login& login);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// Returns all rows of the last statement. Columns are separated by `|`, rows by newlines.
  [[nodiscard]] std::string run(const std::string& sql);

  /// The same, row by row.
  [[nodiscard]] std::vector<std::string> lines(const std::string& sql);
  [[nodiscard]] std::string version();  ///< `15.14`
  [[nodiscard]] bool in_recovery();
  [[nodiscard]] int timeline();
  void reload();
  /// Ends recovery and waits for it.
  void promote();

  void ensure_replication_role(const std::string& password);
  /// Returns true if every role can be given: an attribute, or a role of this server.
  [[nodiscard]] bool roles_exist(const std::vector<std::string>& roles);
  /// Returns the names of the databases that accept connections.
  [[nodiscard]] std::vector<std::string> databases();
  /// Returns the users that were made for relations: `relation_id_7`.
  [[nodiscard]] std::vector<std::string> relation_users();

  void ensure_database(const std::string& name);
  void ensure_user(const Account& account);
  void drop_user(const std::string& user);

  /// In the connected database: gives the user the permissions to work. The only user of the
  /// database becomes the owner of everything in it; otherwise it shares.
  void grant_objects(const std::string& user, bool only_user);
  /// In the connected database: gives the user's objects to the superuser.
  void take_objects_from(const std::string& user);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// Tries to connect until it succeeds or the limit is over. Then throws the last DatabaseError.
[[nodiscard]] Database connect_within(const Login& login, std::chrono::milliseconds limit);

}  // namespace postgresql
