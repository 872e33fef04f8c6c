// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The databags and secrets of every relation, through the handlers and hockeypuck.conf. Each piece
// of a text begins with the line `BAG KEY`, and the value follows. BAG is `app`, `local-app`,
// `local-unit`, `secret`, or the name of a remote unit.
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/handlers/handler.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "subjects.hpp"

#include <algorithm>
#include <array>

namespace fuzz::databags {
namespace {

constexpr const char* peers = "hockeypuck-peers";

charm::Databag& bag_of(std::string_view name, charm::Relation& relation, charm::Databag& secret) {
  if (name == "app") {
    return relation.remote_app_data;
  }
  if (name == "local-app") {
    return relation.local_app_data.emplace(relation.local_app_data.value_or(charm::Databag()));
  }
  if (name == "local-unit") {
    return relation.local_unit_data;
  }
  return name == "secret" ? secret : relation.remote_units[std::string(name)];
}

/// Puts the secret at each URI in the databags.
void grant(const charm::Databag& secret, charm::Snapshot& snapshot) {
  for (const charm::Relation& relation : snapshot.relations) {
    for (const charm::Databag& bag :
         {relation.remote_app_data, relation.local_app_data.value_or(charm::Databag())}) {
      for (const auto& [key, value] : bag) {
        if (value.starts_with("secret:")) {
          snapshot.secrets[value] = secret;
        }
      }
    }
  }
}

charm::Snapshot snapshot_of(const char* endpoint, std::string_view text) {
  charm::Snapshot snapshot{
      .now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30),
      .unit = {.name = "hockeypuck-k8s/0",
               .app = "hockeypuck-k8s",
               .model = "keys",
               .model_uuid = "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d",
               .address = "10.1.0.7",
               .fqdn = "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keys.svc.cluster.local"}};
  charm::Relation relation{.id = 7, .endpoint = endpoint, .remote_app = "remote"};
  charm::Databag secret;
  for (const std::string_view piece : pieces(text)) {
    const auto [place, value] = first_line(piece);
    const std::size_t space = std::min(place.find(' '), place.size());
    bag_of(place.substr(0, space), relation,
           secret)[std::string(charm::trimmed(place.substr(space)))] = value;
  }
  if (std::string_view(endpoint) != peers) {
    snapshot.relations.push_back({.id = 1, .endpoint = peers, .remote_app = "hockeypuck-k8s"});
    snapshot.relations.back().local_app_data.emplace();
  }
  snapshot.relations.push_back(std::move(relation));
  grant(secret, snapshot);
  return snapshot;
}

/// Each line of hockeypuck.conf is empty, a table or an entry. No text of a partner is the text of
/// a template or ends its string.
void check_configuration(const std::string& content) {
  require(content.find("{{") == std::string::npos, "no template is in the configuration");
  for (const std::string_view line : charm::words(content, "\n")) {
    const bool table = line.starts_with("[hockeypuck") && line.ends_with(']');
    require(table || charm::is_lower_alphanumeric(line.front()), "a line is a table or an entry");
    bool inside = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const bool escape = inside && line[at] == '\\';
      inside = inside != (line[at] == '"');
      at += escape ? 1U : 0U;
    }
    require(!inside, "a string ends in its line");
  }
}

bool is_all_utf8(std::string_view text) {
  while (!text.empty()) {
    const charm::CodePoint point = charm::front_code_point(text);
    if (!point.valid) {
      return false;
    }
    text.remove_prefix(point.length);
  }
  return true;
}

void check(const charm::Plan& plan, bool is_utf8) {
  for (const charm::Status& status : plan.statuses) {
    const std::string shown = charm::statuses::to_show(status).message;
    require(shown.size() <= 100 && charm::single_line(shown, shown.size()) == shown,
            "a status is one line of at most 100 bytes");
  }
  for (const charm::WorkloadPlan& workload : plan.workloads) {
    check_configuration(workload.files.front().content);
  }
  for (const charm::Publication& publication : plan.publications) {
    for (const auto& [key, value] : publication.data) {
      require(!is_utf8 || is_all_utf8(value), "the charm publishes UTF-8");
    }
  }
}

charm::Plan learned_and_published(const charm::Snapshot& snapshot) {
  charm::Facts facts;
  for (const charm::RelationHandler* handler : charm::handlers()) {
    handler->learn(snapshot, {}, facts);
  }
  charm::Plan plan{.statuses = facts.statuses, .warnings = facts.warnings};
  for (const charm::RelationHandler* handler : charm::handlers()) {
    handler->publish(snapshot, {}, facts, plan);
  }
  for (const charm::Database& database : facts.databases) {
    plan.workloads.push_back(charm::hockeypuck::plan_workload(snapshot, {}, facts, database));
  }
  return plan;
}

void plan(const char* endpoint, std::string_view text) {
  charm::Snapshot snapshot = snapshot_of(endpoint, text);
  // The databags of Juju are.
  const bool is_utf8 = is_all_utf8(text);
  for (const bool leader : {true, false}) {
    snapshot.unit.leader = leader;
    snapshot.workload =
        leader ? std::optional(charm::Workload{.version = "v1.26.0"}) : std::nullopt;
    check(learned_and_published(snapshot), is_utf8);
  }
}

// clang-format off
constexpr std::array all = {
    Parser{peers, [](auto text) { plan(peers, text); }},
    Parser{"database", [](auto text) { plan("database", text); }},
    Parser{"ingress", [](auto text) { plan("ingress", text); }},
    Parser{"traefik-route", [](auto text) { plan("traefik-route", text); }},
    Parser{"metrics-endpoint", [](auto text) { plan("metrics-endpoint", text); }},
    Parser{"grafana-dashboard", [](auto text) { plan("grafana-dashboard", text); }},
    Parser{"logging", [](auto text) { plan("logging", text); }},
    Parser{"receive-ca-cert", [](auto text) { plan("receive-ca-cert", text); }},
};
// clang-format on

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::databags
