// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/json/json_text.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace charm {

namespace {

constexpr std::string_view postgresql_client_endpoint = "database";

constexpr std::array<std::string_view, 2> secret_keys = {"secret-user", "secret-tls"};

/// PostgreSQL's names have at most 63 bytes, and each login hashes the password thousands of times.
constexpr std::size_t longest_credential = 1024;
/// Each endpoint can cost a hook some seconds.
constexpr std::size_t most_endpoints = 16;

/// A provider's answer: its databag and the secrets to which the databag refers. `readable` is
/// false while one of these is not granted yet.
class Answer {
 public:
  Answer(const Snapshot& snapshot, const Relation& relation) : remote_(&relation.remote_app_data) {
    for (const std::string_view key : secret_keys) {
      const auto uri = databag::value_of(*remote_, key);
      const auto secret = snapshot.secrets.find(std::string(uri));
      if (!uri.empty() && secret == snapshot.secrets.end()) {
        readable_ = false;
      } else if (!uri.empty()) {
        secrets_.push_back(&secret->second);
      }
    }
  }

  [[nodiscard]] bool readable() const { return readable_; }

  /// Secrets have priority: providers wrote the plain keys before Juju had secrets.
  [[nodiscard]] std::string_view value(std::string_view key) const {
    for (const Databag* secret : secrets_) {
      if (const auto value = databag::value_of(*secret, key); !value.empty()) {
        return value;
      }
    }
    return databag::value_of(*remote_, key);
  }

 private:
  const Databag* remote_;
  std::vector<const Databag*> secrets_;
  bool readable_ = true;
};

/// Returns the entries of the comma list `endpoints`, without duplicates and each with a port.
std::vector<HostPort> endpoints_of(const Relation& relation, Facts& facts) {
  std::vector<HostPort> result;
  int wrong = 0;
  for (const auto entry : words(databag::value_of(relation.remote_app_data, "endpoints"), ",")) {
    auto endpoint = parse_host_port(entry);
    if (!endpoint) {
      ++wrong;
      continue;
    }
    endpoint->port = endpoint->port.value_or(Database{}.port);
    if (std::ranges::find(result, *endpoint) == result.end()) {
      result.push_back(*endpoint);
    }
    if (result.size() == most_endpoints) {
      break;
    }
  }
  if (wrong > 0) {
    facts.warnings.push_back(databag::warning(relation, "endpoints",
                                              std::to_string(wrong) +
                                                  " of the entries not of the form "
                                                  "host:port or [IPv6]:port, left out"));
  }
  return result;
}

/// Returns whether TLS is on. data_interfaces v0 writes Python's `True` and `False`, v1 JSON's
/// `true` and `false`. Any other word counts as on: no connection is better than one in clear text.
bool tls_is_on(const Relation& relation, std::string_view text, Facts& facts) {
  const std::string word = lower_case(trimmed(text));
  if (word.empty() || word == "false") {
    return false;
  }
  if (word != "true") {
    facts.warnings.push_back(
        databag::warning(relation, "tls", "neither true nor false, taken as true"));
  }
  return true;
}

/// The part that is the same at every endpoint.
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

bool is_subordinate(const Relation& relation) {
  return lower_case(databag::value_of(relation.remote_app_data, "subordinated")) == "true";
}

/// A subordinate provider is ready if one of its units reports that in its own databag.
bool is_subordinate_not_ready(const Relation& relation) {
  return is_subordinate(relation) &&
         std::ranges::none_of(relation.remote_units, [](const auto& unit) {
           return databag::value_of(unit.second, "state") == "ready";
         });
}

/// Returns what the provider still has to do. The key `data` is the provider's private copy of our
/// databag and has no meaning here. Endpoints may exist before the credentials.
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
  for (const std::string_view key : {"username", "password", "database"}) {
    if (answer.value(key).size() > longest_credential) {
      return "publish shorter credentials";
    }
  }
  if (endpoints.empty()) {
    return "publish its endpoints";
  }
  return std::nullopt;
}

void warn_of_bad_secret_uris(const Relation& relation, Facts& facts) {
  for (const std::string_view key : secret_keys) {
    const auto uri = databag::value_of(relation.remote_app_data, key);
    if (!uri.empty() && !uri.starts_with("secret:")) {
      facts.warnings.push_back(databag::warning(relation, key, "not the URI of a secret"));
    }
  }
}

std::string desired_name(const Unit& unit, const Settings& settings) {
  return settings.database_name.empty() ? unit.app : settings.database_name;
}

std::string_view published_name(const Relation& relation) {
  return relation.local_app_data ? databag::value_of(*relation.local_app_data, "database")
                                 : std::string_view();
}

/// The name to use if the provider does not publish one.
std::string requested_name(const Snapshot& snapshot, const Settings& settings,
                           const Relation& relation) {
  const auto published = published_name(relation);
  return published.empty() ? desired_name(snapshot.unit, settings) : std::string(published);
}

std::string provider(const Relation& relation) {
  return relation.remote_app.empty() ? "the provider" : relation.remote_app;
}

/// Learns one Database for each endpoint if the relation is complete. Otherwise returns the reason.
std::optional<Status> learn_databases(const Snapshot& snapshot, const Settings& settings,
                                      const Relation& relation, Facts& facts) {
  const Answer answer(snapshot, relation);
  warn_of_bad_secret_uris(relation, facts);
  const auto endpoints = endpoints_of(relation, facts);
  if (const auto task = missing(relation, answer, endpoints)) {
    return statuses::waiting_for_provider(provider(relation), *task);
  }
  const auto name = databag::value_of(relation.remote_app_data, "database");
  Database database = common_part(
      relation, answer,
      name.empty() ? requested_name(snapshot, settings, relation) : std::string(name), facts);
  for (const auto& [host, port] : endpoints) {
    database.host = host;
    database.port = *port;
    facts.databases.push_back(database);
  }
  return std::nullopt;
}

/// A provider creates the database once, with the first requested name. The v1 library fails if the
/// name changes.
std::optional<Status> name_conflict(const Snapshot& snapshot, const Settings& settings,
                                    const Relation& relation) {
  const auto published = published_name(relation);
  const auto desired = desired_name(snapshot.unit, settings);
  if (published.empty() || published == desired) {
    return std::nullopt;
  }
  return statuses::renamed_database(published);
}

/// One entry of the provider's key `status`: 4xxx is temporary, 5xxx needs an operator. Others are
/// information.
std::optional<Status> provider_status(const Relation& relation, const nlohmann::json& entry) {
  if (!entry.is_object() || !entry.contains("code") || !entry["code"].is_number_integer()) {
    return std::nullopt;
  }
  const auto code = entry["code"].get<std::int64_t>();
  if (code < 4000 || code > 5999) {
    return std::nullopt;
  }
  std::string words;
  for (const auto* const key : {"message", "resolution"}) {
    const auto found = entry.find(key);
    if (found != entry.end() && found->is_string()) {
      words += " " + databag::printable(found->get_ref<const std::string&>());
    }
  }
  return statuses::of_provider(provider(relation), code, words);
}

/// Temporary statuses only explain an incomplete relation; a complete one is used.
void learn_provider_statuses(const Relation& relation, bool complete, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, "status");
  if (text.empty()) {
    return;
  }
  const auto entries = parse_json(text);
  if (!entries || !entries->is_array()) {
    facts.warnings.push_back(databag::warning(relation, "status", "not a JSON list"));
    return;
  }
  for (const auto& entry : *entries) {
    const auto status = provider_status(relation, entry);
    if (status && (status->kind == StatusKind::blocked || !complete)) {
      facts.statuses.push_back(*status);
    }
  }
}

WantedBags wants_of_postgresql_client(const Occasion& /*occasion*/) {
  return {.remote_app = true, .remote_units = true, .remote_unit_bags = true, .local_app = true};
}

bool needs_units_of_postgresql_client(const Relation& relation) {
  return is_subordinate(relation);
}

// Two relations exist for a while if an operator removes one and integrates again without waiting.
// The complete one with the lowest ID is used until it is gone.
void learn_postgresql_client(const Snapshot& snapshot, const Settings& settings, Facts& facts) {
  const auto relations = snapshot.on(postgresql_client_endpoint);
  if (relations.empty()) {
    facts.statuses.push_back(statuses::no_database(snapshot.unit.app));
    return;
  }
  const Relation* used = relations.front();
  std::optional<Status> reason;
  for (const Relation* relation : relations) {
    const auto why = learn_databases(snapshot, settings, *relation, facts);
    if (!why) {
      used = relation;
      reason.reset();
      break;
    }
    reason = reason ? reason : why;
  }
  if (relations.size() > 1) {
    facts.warnings.push_back(databag::warning(
        *used, "database",
        "used alone of " + std::to_string(relations.size()) + " relations of this endpoint"));
  }
  learn_provider_statuses(*used, !reason, facts);
  for (const auto& status : {name_conflict(snapshot, settings, *used), reason}) {
    if (status) {
      facts.statuses.push_back(*status);
    }
  }
}

// `database` and `requested-secrets` are published together: a provider that sees only the first
// answers in plain text, permanently. `uris` are requested so that they are in the secret as well,
// because they hold the password. `extra-user-roles` is never set: a provider fails if it changes.
void publish_postgresql_client(const Snapshot& snapshot, const Settings& settings,
                               const Facts& /*facts*/, Plan& plan) {
  if (!snapshot.unit.leader) {
    return;
  }
  for (const Relation* relation : snapshot.on(postgresql_client_endpoint)) {
    // A provider never renames a database.
    if (!settings.right && published_name(*relation).empty()) {
      continue;
    }
    plan.publications.push_back(
        {.relation = relation->id,
         .scope = Scope::app,
         .data = {{"database", requested_name(snapshot, settings, *relation)},
                  {"requested-secrets",
                   R"(["username","password","tls","tls-ca","uris","read-only-uris"])"}}});
  }
}

}  // namespace

/// The requirer of `postgresql_client` in its version 0, which both the v0 and the v1 library of
/// data-platform-libs answer. Learns one Database for each endpoint of the first complete relation;
/// adds a status while there is none.
constexpr RelationHandler postgresql_client{.endpoint = postgresql_client_endpoint,
                                            .wants = wants_of_postgresql_client,
                                            .needs_remote_units = needs_units_of_postgresql_client,
                                            .learn = learn_postgresql_client,
                                            .publish = publish_postgresql_client};

}  // namespace charm
