// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include "charm/postgres/key_database.hpp"
#include "charm/socket/alarm.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace charm::postgres {
namespace {

/// libpq would ignore the connection string after a NUL.
void refuse_nul(const Target& target) {
  for (const std::string* text :
       {&target.host, &target.database, &target.user, &target.password, &target.ssl_mode}) {
    if (text->find('\0') != std::string::npos) {
      throw DatabaseError(Outcome::refused, "the connection's parameters have a NUL byte");
    }
  }
}

/// Makes a file without a name. Returns -1 if that fails.
int unnamed_file(const std::string& text) {
  const int file = ::memfd_create("ca", MFD_CLOEXEC);
  if (file >= 0 && ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    ::close(file);
    return -1;
  }
  return file;
}

int authority_file(const Target& target) {
  if (target.ca.empty()) {
    throw DatabaseError(Outcome::untrusted, "there is no certificate authority to trust");
  }
  const int file = unnamed_file(target.ca);
  if (file < 0) {
    throw DatabaseError(Outcome::unreachable, "the certificate authority cannot be kept in memory");
  }
  return file;
}

void append(std::string& text, const char* keyword, const std::string& value) {
  text += text.empty() ? "" : " ";
  text += keyword;
  text += "='";
  for (const char byte : value) {
    if (byte == '\'' || byte == '\\') {
      text += '\\';
    }
    text += byte;
  }
  text += '\'';
}

bool has_any(const std::string& text, std::initializer_list<const char*> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&text](const char* phrase) {
    return text.find(phrase) != std::string::npos;
  });
}

/// Whether libpq or OpenSSL reports a server that cannot be trusted.
bool is_untrusted(const std::string& message) {
  return has_any(message,
                 {"certificate verify failed", "does not match host name",
                  "could not get server's host name from server certificate",
                  "could not read root certificate", "root certificate file",
                  "root certificate store", "server does not support SSL", "server's certificate"});
}

/// Whether the error is FATAL but temporary: a server that starts or stops, or has no free slot.
bool is_temporary(const std::string& message) {
  return has_any(message,
                 {"the database system is ", "too many clients", "too many connections",
                  "remaining connection slots", "terminating connection",
                  // PgBouncer's messages.
                  "server_login_retry", "query_wait_timeout", "no more connections allowed"});
}

template <typename Fault>
bool is_a(const std::exception& fault) {
  return dynamic_cast<const Fault*>(&fault) != nullptr;
}

/// The last column names a table that this role may not alter. Hockeypuck 2.3 alters its tables at
/// each start, so the role must own them or be a member of the owner. A restored database can hold
/// tables of another role.
constexpr const char* question = R"(
SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only'),
  (SELECT format('the table %s belongs to the role %s', relname, pg_get_userbyid(relowner))
    FROM pg_class WHERE NOT pg_has_role(relowner, 'USAGE') AND oid IN (to_regclass('keys'),
      to_regclass('subkeys'), to_regclass('userids'), to_regclass('pks_status'),
      to_regclass('blocked_keys'), to_regclass('upload_policy'))
    ORDER BY relname LIMIT 1))";

/// Asks over an open connection whether the server accepts writes.
ProbeResult asked(pqxx::connection& connection) {
  pqxx::nontransaction session(connection);
  const pqxx::result rows = session.exec(question);
  const bool standby = rows[0][0].as<bool>();
  const bool read_only = rows[0][1].as<std::string>() == "on";
  if (standby || read_only) {
    const std::string reason = standby ? "the server is a standby" : "the database refuses writes";
    return {Outcome::read_only, reason, reason};
  }
  const auto foreign = rows[0][2].as<std::string>("");
  return {foreign.empty() ? Outcome::ready : Outcome::not_ours, foreign, foreign};
}

}  // namespace

std::string connection_string(const Target& target, const std::string& ca_file,
                              int timeout_seconds) {
  const std::string seconds = std::to_string(timeout_seconds);
  std::string text;
  append(text, "host", target.host);
  append(text, "port", std::to_string(target.port));
  append(text, "dbname", target.database);
  append(text, "user", target.user);  // Without it libpq uses the name of the process's user.
  append(text, "password", target.password);
  append(text, "sslmode", target.ssl_mode);
  if (!ca_file.empty()) {
    append(text, "sslrootcert", ca_file);
  }
  append(text, "gssencmode", "disable");
  append(text, "connect_timeout", seconds);
  append(text, "tcp_user_timeout", seconds + "000");
  append(text, "application_name", "hockeypuck-k8s");
  return text;
}

void require_time_left(const Deadline& end) {
  if (end.passed()) {
    throw DatabaseError(Outcome::unreachable, "no time is left to ask the database");
  }
}

ConnectionParameters::ConnectionParameters(const Target& target, int timeout_seconds,
                                           const Deadline& end) {
  require_time_left(end);
  refuse_nul(target);
  std::string ca_file;
  if (target.ssl_mode == "verify-full") {
    authority_ = authority_file(target);
    ca_file = "/proc/self/fd/" + std::to_string(authority_);
  }
  const std::chrono::seconds longest(std::max(timeout_seconds, 2));
  const auto left = std::chrono::ceil<std::chrono::seconds>(end.left(longest));
  text_ = connection_string(target, ca_file, std::max(static_cast<int>(left.count()), 2));
}

ConnectionParameters::~ConnectionParameters() {
  if (authority_ >= 0) {
    ::close(authority_);
  }
}

Outcome connection_outcome(const std::string& message) {
  if (is_untrusted(message)) {
    return Outcome::untrusted;
  }
  if (is_temporary(message)) {
    return Outcome::unreachable;
  }
  return message.find("FATAL:") == std::string::npos ? Outcome::unreachable : Outcome::refused;
}

Outcome query_outcome(const std::string& sqlstate) {
  if (sqlstate == "25006") {  // read_only_sql_transaction
    return Outcome::read_only;
  }
  // Class 42 includes insufficient_privilege; 57P and 08 are servers that stop.
  return sqlstate.rfind("42", 0) == 0 ? Outcome::refused : Outcome::unreachable;
}

Outcome outcome_of(const std::exception& fault) {
  if (is_a<pqxx::broken_connection>(fault)) {
    return connection_outcome(fault.what());
  }
  // libpqxx 6 has a class for each of these, but without the SQLSTATE.
  if (is_a<pqxx::insufficient_privilege>(fault) || is_a<pqxx::syntax_error>(fault)) {
    return Outcome::refused;
  }
  const auto* answer = dynamic_cast<const pqxx::sql_error*>(&fault);
  return answer == nullptr ? Outcome::unreachable : query_outcome(answer->sqlstate());
}

std::string one_line(const std::string& message, const std::string& password) {
  constexpr std::size_t limit = 500;
  std::string text = message;
  if (!password.empty()) {
    for (auto at = text.find(password); at != std::string::npos; at = text.find(password, at)) {
      text.replace(at, password.size(), "***");
      at += 3;
    }
  }
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return byte == '\n' || byte == '\t'; }, ' ');
  text.erase(std::unique(text.begin(), text.end(),
                         [](char left, char right) { return left == ' ' && right == ' '; }),
             text.end());
  text.erase(text.find_last_not_of(' ') + 1);
  return text.substr(0, limit);
}

std::string cause_of(const std::string& reason) {
  constexpr std::string_view before_cause = " failed: ";
  const std::size_t found = reason.rfind(before_cause);
  const std::size_t begin = found == std::string::npos ? 0 : found + before_cause.size();
  return reason.substr(begin, reason.find(" Is the server running", begin) - begin);
}

ProbeResult probe(const Target& target, int timeout_seconds, const Deadline& end) {
  try {
    const ConnectionParameters parameters(target, timeout_seconds, end);
    pqxx::connection connection(parameters.text());
    socket::Alarm alarm{end.left(std::chrono::seconds(timeout_seconds))};
    alarm.watch(connection.sock());
    return asked(connection);
  } catch (const DatabaseError& fault) {
    return {fault.outcome(), fault.what(), fault.what()};
  } catch (const std::exception& fault) {
    const std::string reason = one_line(fault.what(), target.password);
    return {outcome_of(fault), reason, cause_of(reason)};
  }
}

}  // namespace charm::postgres
