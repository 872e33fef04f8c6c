// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "database_answer.hpp"

#include "charm/domain/text.hpp"
#include "host_port.hpp"
#include "remote_text.hpp"

#include <algorithm>
#include <vector>

namespace charm::databag {

namespace {

/// One remote answer: its databag and the secrets that the databag points to. `readable` is false
/// while one of these is not granted yet.
class Answer {
 public:
  Answer(const Snapshot& snapshot, const Relation& relation) : remote_(&relation.remote_app_data) {
    for (const std::string_view key : {"secret-user", "secret-tls"}) {
      const auto uri = value_of(*remote_, key);
      const auto secret = snapshot.secrets.find(std::string(uri));
      if (!uri.empty() && secret == snapshot.secrets.end()) {
        readable_ = false;
      } else if (!uri.empty()) {
        secrets_.push_back(&secret->second);
      }
    }
  }

  [[nodiscard]] bool readable() const { return readable_; }

  /// Secrets win: the plain keys are what providers wrote before Juju had secrets.
  [[nodiscard]] std::string_view value(std::string_view key) const {
    for (const Databag* secret : secrets_) {
      if (const auto value = value_of(*secret, key); !value.empty()) {
        return value;
      }
    }
    return value_of(*remote_, key);
  }

 private:
  const Databag* remote_;
  std::vector<const Databag*> secrets_;
  bool readable_ = true;
};

/// Returns the entries of the comma list `endpoints`, each once and with a port.
std::vector<HostPort> endpoints(const Relation& relation, Facts& facts) {
  std::vector<HostPort> result;
  std::string_view rest = value_of(relation.remote_app_data, "endpoints");
  int wrong = 0;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto entry = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    auto endpoint = parse_host_port(entry);
    if (!endpoint) {
      wrong += entry.empty() ? 0 : 1;
      continue;
    }
    endpoint->port = endpoint->port.value_or(Database{}.port);
    if (std::find(result.begin(), result.end(), *endpoint) == result.end()) {
      result.push_back(*endpoint);
    }
  }
  if (wrong > 0) {
    facts.warnings.push_back(warning(relation, "endpoints",
                                     std::to_string(wrong) + " of the entries not of the form "
                                                             "host:port or [IPv6]:port, left out"));
  }
  return result;
}

/// Tells whether TLS is on. data_interfaces v0 writes Python's `True` and `False`, v1 JSON's `true`
/// and `false`. A word that is neither counts as on: better no connection than one in clear text.
bool tls_is_on(const Relation& relation, std::string_view text, Facts& facts) {
  const std::string word = lower_case(trimmed(text));
  if (word.empty() || word == "false") {
    return false;
  }
  if (word != "true") {
    facts.warnings.push_back(warning(relation, "tls", "neither true nor false, taken as true"));
  }
  return true;
}

/// What is the same at every endpoint.
Database common_part(const Relation& relation, const Answer& answer, std::string name,
                     Facts& facts) {
  Database database;
  database.name = std::move(name);
  database.user = answer.value("username");
  database.password = answer.value("password");
  if (!tls_is_on(relation, answer.value("tls"), facts)) {
    return database;
  }
  const auto ca = answer.value("tls-ca");
  database.ssl_mode = trimmed(ca).empty() ? SslMode::require : SslMode::verify_full;
  if (database.ssl_mode == SslMode::verify_full) {
    database.ca = ca;
  }
  return database;
}

/// A subordinate provider is ready when one of its units says so in its own databag.
bool is_subordinate_not_ready(const Relation& relation) {
  return is_subordinate(relation) &&
         std::none_of(relation.remote_units.begin(), relation.remote_units.end(),
                      [](const auto& unit) { return value_of(unit.second, "state") == "ready"; });
}

/// Returns what the provider still has to do. The key `data` is the provider's private copy of our
/// own databag and means nothing; endpoints alone may stand before the credentials.
std::optional<std::string> missing(const Relation& relation, const Answer& answer,
                                   const std::vector<HostPort>& endpoints) {
  if (is_subordinate_not_ready(relation)) {
    return "become ready";
  }
  if (!answer.readable()) {
    return "grant its secret";
  }
  if (answer.value("username").empty() || answer.value("password").empty()) {
    return "create the database";
  }
  if (endpoints.empty()) {
    return "publish its endpoints";
  }
  return std::nullopt;
}

void warn_of_bad_secret_uris(const Relation& relation, Facts& facts) {
  for (const std::string_view key : {"secret-user", "secret-tls"}) {
    const auto uri = value_of(relation.remote_app_data, key);
    if (!uri.empty() && !uri.starts_with("secret:")) {
      facts.warnings.push_back(warning(relation, key, "not the URI of a secret"));
    }
  }
}

}  // namespace

bool is_subordinate(const Relation& relation) {
  return lower_case(value_of(relation.remote_app_data, "subordinated")) == "true";
}

std::optional<std::string> learn_databases(const Snapshot& snapshot, const Relation& relation,
                                           const std::string& requested_name, Facts& facts) {
  const Answer answer(snapshot, relation);
  warn_of_bad_secret_uris(relation, facts);
  const auto hosts = endpoints(relation, facts);
  if (auto task = missing(relation, answer, hosts)) {
    return task;
  }
  const auto name = value_of(relation.remote_app_data, "database");
  Database database =
      common_part(relation, answer, name.empty() ? requested_name : std::string(name), facts);
  for (const auto& [host, port] : hosts) {
    database.host = host;
    database.port = *port;
    facts.databases.push_back(database);
  }
  return std::nullopt;
}

}  // namespace charm::databag
