// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include "charm/domain/fingerprints.hpp"

namespace charm::postgres {
namespace {

/// With these settings, a connection notices within half a minute that its server has vanished.
constexpr const char* session_keywords =
    " client_encoding='UTF8' keepalives_idle='10' keepalives_interval='5' keepalives_count='3'";

pqxx::connection opened(const std::string& parameters, const std::string& password) {
  try {
    return pqxx::connection(parameters + session_keywords);
  } catch (const std::exception& fault) {
    throw DatabaseError(outcome_of(fault), one_line(fault.what(), password));
  }
}

}  // namespace

KeyDatabase::Session::Session(const Target& target, int connect_timeout_seconds,
                              const Deadline& end)
    : password_(target.password),
      parameters_(target, connect_timeout_seconds, end),
      connection_(opened(parameters_.text(), password_)),
      end_(&end) {}

std::chrono::milliseconds KeyDatabase::Session::allowed(std::chrono::seconds limit) const {
  if (limit == once) {
    return limit;
  }
  require_time_left(*end_);
  return end_->left(limit);
}

/// Local to the transaction: a pooler may give the connection to others between transactions.
std::string KeyDatabase::Session::limits(std::chrono::milliseconds limit) {
  return "SET LOCAL statement_timeout = '" + std::to_string(limit.count()) +
         "ms'; SET LOCAL lock_timeout = '5s'; SET LOCAL client_min_messages = 'error'";
}

DatabaseError KeyDatabase::Session::failure(const std::exception& fault, bool too_late) const {
  if (too_late) {
    return {Outcome::unreachable, "the database does not answer"};
  }
  return {outcome_of(fault), one_line(fault.what(), password_)};
}

bool has_table(pqxx::work& transaction, const char* name) {
  return transaction.exec_params("SELECT to_regclass($1::text) IS NOT NULL", name)[0][0].as<bool>();
}

std::string text_array(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char byte : text) {
      if (byte == '"' || byte == '\\') {
        array += '\\';
      }
      array += byte;
    }
    array += '"';
  }
  return array + '}';
}

std::string fingerprint_array(const std::vector<std::string>& fingerprints) {
  for (const std::string& fingerprint : fingerprints) {
    if (!is_fingerprint(fingerprint)) {
      throw Error("not 40 or 64 lower-case hexadecimal digits: " + block_comment(fingerprint));
    }
  }
  return text_array(fingerprints);
}

std::vector<std::string> first_column(const pqxx::result& rows) {
  std::vector<std::string> values;
  for (const auto& row : rows) {
    values.push_back(row[0].as<std::string>());
  }
  return values;
}

}  // namespace charm::postgres
