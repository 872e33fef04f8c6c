// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "database.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <thread>

namespace postgresql {
namespace {

/// A value of a connection string in libpq's keyword form.
std::string quoted_value(const std::string& value) {
  std::string text = "'";
  for (const char character : value) {
    if (character == '\'' || character == '\\') {
      text += '\\';
    }
    text += character;
  }
  return text + "'";
}

std::string connection_string(const Login& login) {
  return "host=" + quoted_value(login.host) + " port=5432 user=" + quoted_value(login.user) +
         " password=" + quoted_value(login.password) + " dbname=" + quoted_value(login.database) +
         " sslmode=prefer connect_timeout=3 application_name=postgresql-k8s-charm";
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

bool is_attribute(const std::string& role) {
  constexpr std::array<std::string_view, 6> attributes = {"SUPERUSER",   "CREATEDB",  "CREATEROLE",
                                                          "REPLICATION", "BYPASSRLS", "LOGIN"};
  return std::find(attributes.begin(), attributes.end(), upper(role)) != attributes.end();
}

}  // namespace

struct Database::Connection {
  explicit Connection(const Login& login) : session(connection_string(login)), work(session) {}

  /// The text as a literal.
  std::string literal(const std::string& text) { return work.quote(text); }

  std::string name(const std::string& text) { return work.quote_name(text); }

  pqxx::connection session;
  pqxx::nontransaction work;
};

Database::Database(const Login& login) {
  try {
    connection_ = std::make_unique<Connection>(login);
  } catch (const std::exception& error) {
    throw DatabaseError(error.what());
  }
}

Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

std::string Database::run(const std::string& sql) {
  try {
    const pqxx::result result = connection_->work.exec(sql);
    std::string text;
    for (const auto& row : result) {
      for (const auto& field : row) {
        text += std::string(field.c_str()) + "|";
      }
      text.back() = '\n';
    }
    return text.substr(0, text.empty() ? 0 : text.size() - 1);
  } catch (const std::exception& error) {
    throw DatabaseError(error.what());
  }
}

std::vector<std::string> Database::lines(const std::string& sql) {
  std::istringstream stream(run(sql));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string Database::version() {
  const std::string text = run("SHOW server_version");
  return text.substr(0, text.find(' '));
}

bool Database::in_recovery() {
  return run("SELECT pg_is_in_recovery()") == "t";
}

int Database::timeline() {
  return std::stoi(run("SELECT timeline_id FROM pg_control_checkpoint()"));
}

void Database::reload() {
  (void)run("SELECT pg_reload_conf()");
}

void Database::promote() {
  (void)run("SELECT pg_promote(true, 30)");
  // The control file has the new timeline only after a checkpoint.
  (void)run("CHECKPOINT");
}

void Database::ensure_replication_role(const std::string& password) {
  if (run("SELECT 1 FROM pg_roles WHERE rolname = 'replication'").empty()) {
    (void)run("CREATE ROLE replication REPLICATION LOGIN PASSWORD " +
              connection_->literal(password));
  }
}

bool Database::roles_exist(const std::vector<std::string>& roles) {
  return std::all_of(roles.begin(), roles.end(), [&](const std::string& role) {
    return is_attribute(role) ||
           !run("SELECT 1 FROM pg_roles WHERE rolname = " + connection_->literal(role)).empty();
  });
}

std::vector<std::string> Database::databases() {
  return lines("SELECT datname FROM pg_database WHERE datallowconn");
}

std::vector<std::string> Database::relation_users() {
  return lines("SELECT rolname FROM pg_roles WHERE rolname ~ '^relation_id_[0-9]+$'");
}

void Database::ensure_database(const std::string& name) {
  const bool missing =
      run("SELECT 1 FROM pg_database WHERE datname = " + connection_->literal(name)).empty();
  if (missing) {
    (void)run("CREATE DATABASE " + connection_->name(name));
    (void)run("REVOKE ALL ON DATABASE " + connection_->name(name) + " FROM PUBLIC");
  }
}

void Database::ensure_user(const Account& account) {
  const std::string user = connection_->name(account.user);
  const bool missing =
      run("SELECT 1 FROM pg_roles WHERE rolname = " + connection_->literal(account.user)).empty();
  std::string attributes;
  std::string memberships;
  for (const std::string& role : account.roles) {
    if (is_attribute(role)) {
      attributes += " " + upper(role);
    } else {
      memberships += (memberships.empty() ? "" : ", ") + connection_->name(role);
    }
  }
  (void)run((missing ? "CREATE ROLE " : "ALTER ROLE ") + user + " LOGIN PASSWORD " +
            connection_->literal(account.password) + attributes);
  if (!memberships.empty()) {
    (void)run("GRANT " + memberships + " TO " + user);
  }
  (void)run("GRANT ALL ON DATABASE " + connection_->name(account.database) + " TO " + user);
}

void Database::drop_user(const std::string& user) {
  (void)run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = " +
            connection_->literal(user));
  (void)run("DROP OWNED BY " + connection_->name(user));
  (void)run("DROP ROLE " + connection_->name(user));
}

void Database::grant_objects(const std::string& user, bool only_user) {
  const std::string name = connection_->name(user);
  (void)run("GRANT ALL ON SCHEMA public TO " + name);
  (void)run("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + name);
  (void)run("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + name);
  (void)run("GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO " + name);
  if (!only_user) {
    return;
  }
  // No single statement covers all schemas and functions.
  const std::string user_literal = connection_->literal(user);
  (void)run(
      "DO $body$ DECLARE command text; BEGIN FOR command IN"
      " SELECT format('ALTER %s %I.%I OWNER TO %I',"
      "   CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'"
      "   WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, n.nspname, c.relname, " +
      user_literal +
      ") FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
      " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
      "   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', "
      "'i') AND c.relkind = 'S')"
      " UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, " +
      user_literal +
      ") FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
      "   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
      " LOOP EXECUTE command; END LOOP; END $body$");
}

void Database::take_objects_from(const std::string& user) {
  (void)run("REASSIGN OWNED BY " + connection_->name(user) + " TO CURRENT_USER");
  (void)run("DROP OWNED BY " + connection_->name(user));
}

Database connect_within(const Login& login, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    try {
      return Database(login);
    } catch (const DatabaseError&) {
      if (std::chrono::steady_clock::now() >= end) {
        throw;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace postgresql
