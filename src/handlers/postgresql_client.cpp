// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/postgresql_client.hpp"

#include "databag_json.hpp"
#include "database_answer.hpp"
#include "remote_text.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace charm {

namespace {

std::string desired_name(const Unit& unit, const Settings& settings) {
  return settings.database_name.empty() ? unit.app : settings.database_name;
}

std::string_view published_name(const Relation& relation) {
  return relation.local_app_data ? databag::value_of(*relation.local_app_data, "database")
                                 : std::string_view();
}

std::string provider(const Relation& relation) {
  return relation.remote_app.empty() ? "the provider" : relation.remote_app;
}

/// The name to use where the provider does not say which it made.
std::string requested_name(const Snapshot& snapshot, const Settings& settings,
                           const Relation& relation) {
  const auto published = published_name(relation);
  return published.empty() ? desired_name(snapshot.unit, settings) : std::string(published);
}

/// Learns one Database for each endpoint when the relation is complete; otherwise returns why it is
/// not.
std::optional<Status> learn_databases(const Snapshot& snapshot, const Settings& settings,
                                      const Relation& relation, Facts& facts) {
  const auto task = databag::learn_databases(snapshot, relation,
                                             requested_name(snapshot, settings, relation), facts);
  if (!task) {
    return std::nullopt;
  }
  return Status{StatusKind::waiting, "waiting for " + provider(relation) + " to " + *task};
}

/// A provider creates the database once, for the name it was asked for first; the v1 library fails
/// when the name changes.
std::optional<Status> name_conflict(const Snapshot& snapshot, const Settings& settings,
                                    const Relation& relation) {
  const auto published = published_name(relation);
  const auto desired = desired_name(snapshot.unit, settings);
  if (published.empty() || published == desired) {
    return std::nullopt;
  }
  return Status{StatusKind::blocked, "option database-name: the database relation was made for \"" +
                                         std::string(published) +
                                         "\"; remove the relation, wait, and integrate again to "
                                         "use \"" +
                                         desired + "\""};
}

/// One entry of the provider's key `status`: 4xxx is transitory, 5xxx needs a person. Others are
/// information.
std::optional<Status> provider_status(const Relation& relation, const nlohmann::json& entry) {
  if (!entry.is_object() || !entry.contains("code") || !entry["code"].is_number_integer()) {
    return std::nullopt;
  }
  const auto code = entry["code"].get<std::int64_t>();
  if (code < 4000 || code > 5999) {
    return std::nullopt;
  }
  std::string text = provider(relation) + ": " + std::to_string(code);
  for (const auto* const key : {"message", "resolution"}) {
    const auto found = entry.find(key);
    if (found != entry.end() && found->is_string()) {
      text += " " + databag::printable(found->get_ref<const std::string&>());
    }
  }
  return Status{code < 5000 ? StatusKind::waiting : StatusKind::blocked, text};
}

/// Transitory statuses only explain why the relation is not complete: a complete one is used.
void learn_provider_statuses(const Relation& relation, bool complete, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, "status");
  if (text.empty()) {
    return;
  }
  const auto entries = databag::parse_json(text);
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

}  // namespace

std::string_view PostgresqlClient::endpoint() const noexcept {
  return "database";
}

WantedBags PostgresqlClient::wants(const Occasion& /*occasion*/) const {
  return {.remote_app = true,
          .remote_units = true,
          .remote_unit_bags = true,
          .local_unit = false,
          .local_app = true};
}

bool PostgresqlClient::needs_remote_units(const Relation& relation) const {
  return databag::is_subordinate(relation);
}

// A second relation stands beside the first for a while when one is removed and the next is made
// without waiting: the lowest complete one is used until it is gone.
void PostgresqlClient::learn(const Snapshot& snapshot, const Settings& settings,
                             Facts& facts) const {
  const auto relations = snapshot.on(endpoint());
  if (relations.empty()) {
    facts.statuses.push_back({StatusKind::blocked, "database: run \"juju integrate " +
                                                       snapshot.unit.app + " postgresql-k8s\""});
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

// `database` and `requested-secrets` go out together: a provider that sees the first alone answers
// in plain text, for good. `uris` are asked for only so that they too travel in the secret, because
// they hold the password. `extra-user-roles` is never set: a provider fails when it changes.
void PostgresqlClient::publish(const Snapshot& snapshot, const Settings& settings,
                               const Facts& /*facts*/, Plan& plan) const {
  if (!snapshot.unit.leader) {
    return;
  }
  for (const Relation* relation : snapshot.on(endpoint())) {
    plan.publications.push_back(
        {.relation = relation->id,
         .scope = Scope::app,
         .data = {{"database", requested_name(snapshot, settings, *relation)},
                  {"requested-secrets",
                   R"(["username","password","tls","tls-ca","uris","read-only-uris"])"}}});
  }
}

}  // namespace charm
