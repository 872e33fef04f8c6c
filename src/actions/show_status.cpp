// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"
#include "charm/domain/text.hpp"
#include "results.hpp"
#include "show_peers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

namespace charm::actions {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_reason = 500;

/// The database's figures.
struct DatabaseState {
  std::string endpoint;
  std::optional<postgres::Statistics> statistics;
  std::string missing;  ///< The reason if there are none.
};

/// The states of Pebble's health checks.
struct CheckStates {
  std::map<std::string, std::string> by_name;  ///< `up`, `down` or `inactive`.
  std::string missing;                         ///< The reason if they are unknown; otherwise empty.
};

/// The input of a status. Any part may be missing.
struct StatusSources {
  const Snapshot& snapshot;
  const Plan& plan;
  CharmIdentity charm;
  DatabaseState database;
  CheckStates checks;
  PeerSources peers;
};

/// One part of the status, for programs and for operators.
struct StatusPart {
  std::string key;  ///< In kebab-case.
  Json json;
  std::string text;  ///< One line.
};

StatusPart unknown(const std::string& key, const std::string& reason) {
  return {key, {{"error", reason}}, "unknown: " + reason};
}

StatusPart unit_part(const StatusSources& sources) {
  const Unit& unit = sources.snapshot.unit;
  return {"unit",
          {{"name", unit.name}, {"leader", unit.leader}},
          unit.name + (unit.leader ? ", the leader" : ", not the leader")};
}

/// A URL of Juju ends in `-` and the revision.
std::string revision_of(const std::string& url) {
  const std::string revision = url.substr(url.rfind('-') + 1);
  return revision.find_first_not_of("0123456789") == std::string::npos ? revision : "";
}

StatusPart charm_part(const StatusSources& sources) {
  const CharmIdentity& charm = sources.charm;
  if (charm.url.empty() && charm.version.empty()) {
    return unknown("charm", "neither Juju nor the charm file has its version");
  }
  const std::string revision = revision_of(charm.url);
  Json json = {{"url", charm.url}, {"revision", nullptr}, {"version", charm.version}};
  if (!revision.empty()) {
    json["revision"] = Json::parse(revision, nullptr, false);
  }
  std::string text = revision.empty() ? charm.url : "revision " + revision + " (" + charm.url + ")";
  if (!charm.version.empty()) {
    text += (text.empty() ? "" : ", ") + ("version " + charm.version);
  }
  return {"charm", json, text};
}

const char* word(KeyserverHealth health) {
  switch (health) {
    case KeyserverHealth::serving:
      return "serving";
    case KeyserverHealth::database_failing:
      return "not serving, cannot use its database";
    case KeyserverHealth::unreachable:
      break;
  }
  return "not serving, lookups are not answered";
}

StatusPart keyserver_part(const StatusSources& sources) {
  const auto& page = sources.peers.statistics;
  if (!page) {
    return unknown("keyserver", sources.peers.no_statistics);
  }
  const KeyserverHealth health = sources.snapshot.keyserver;
  Json json = {{"serving", health == KeyserverHealth::serving},
               {"state", word(health)},
               {"software", page->software},
               {"version", page->version},
               {"uptime-seconds", nullptr}};
  std::string text = std::string(word(health)) + ", " + page->software + " " + page->version;
  if (const auto started = sources.peers.metrics.started) {
    const std::chrono::seconds uptime = sources.peers.now - *started;
    json["uptime-seconds"] = uptime.count();
    text += ", up " + duration_text(uptime);
  }
  return {"keyserver", json, text};
}

StatusPart keys_part(const StatusSources& sources) {
  const auto& statistics = sources.database.statistics;
  if (!statistics) {
    return unknown("keys", sources.database.missing);
  }
  return {"keys", {{"counted", statistics->keys}}, std::to_string(statistics->keys)};
}

std::string comparison(std::int64_t difference) {
  if (difference == 0) {
    return "in sync";
  }
  return std::to_string(std::abs(difference)) +
         (difference < 0 ? " fewer than keys" : " more than keys");
}

StatusPart tree_part(const StatusSources& sources) {
  const auto& page = sources.peers.statistics;
  if (!page || !page->total) {
    return unknown("prefix-tree",
                   page ? "the keyserver does not report its size" : sources.peers.no_statistics);
  }
  Json json = {{"digests", *page->total}, {"difference", nullptr}};
  std::string text = std::to_string(*page->total) + " digests";
  if (const auto& statistics = sources.database.statistics) {
    const std::int64_t difference = *page->total - statistics->keys;
    json["difference"] = difference;
    text += ", " + comparison(difference);
  }
  return {"prefix-tree", json, text};
}

StatusPart block_list_part(const StatusSources& sources) {
  const auto& statistics = sources.database.statistics;
  if (!statistics) {
    return unknown("block-list", sources.database.missing);
  }
  const std::string text = std::to_string(statistics->blocked_keys) + " blocked keys";
  return {"block-list", {{"keys", statistics->blocked_keys}}, text};
}

StatusPart uploads_part(const StatusSources& sources) {
  const auto& statistics = sources.database.statistics;
  if (!statistics) {
    return unknown("uploads", sources.database.missing);
  }
  const std::string& uploads = statistics->uploads;
  return {"uploads", {{"mode", uploads}}, uploads == "updates" ? "updates only" : uploads};
}

/// The TLS state of the charm's connection, which has the same settings as the keyserver's.
std::string security(const std::string& tls, bool verified) {
  if (tls.empty()) {
    return "no TLS";
  }
  return tls + (verified ? ", certificate verified" : ", certificate not verified");
}

StatusPart database_part(const StatusSources& sources) {
  const auto& statistics = sources.database.statistics;
  if (!statistics || sources.plan.workloads.empty()) {
    return unknown("database", sources.database.missing);
  }
  const Database& wanted = sources.plan.workloads.front().database;
  const bool verified = wanted.ssl_mode == SslMode::verify_full;
  Json json = {{"endpoint", sources.database.endpoint},
               {"name", wanted.name},
               {"server-version", statistics->server_version},
               {"size-bytes", statistics->database_size},
               {"tls", nullptr},
               {"certificate-verified", verified}};
  if (!statistics->tls.empty()) {
    json["tls"] = statistics->tls;
  }
  return {"database", json,
          sources.database.endpoint + "/" + wanted.name + ", PostgreSQL " +
              statistics->server_version + ", " + size_text(statistics->database_size) + ", " +
              security(statistics->tls, verified)};
}

StatusPart admin_key_part(const StatusSources& sources) {
  const auto& key = sources.plan.admin_keys.current;
  if (!key) {
    return unknown("admin-key", "there is none yet");
  }
  return {"admin-key", {{"fingerprint", key->fingerprint}}, key->fingerprint};
}

/// Only the route for Traefik limits clients.
StatusPart edge_part(const StatusSources& sources) {
  const bool limited = !sources.snapshot.on("traefik-route").empty();
  const bool open = !sources.snapshot.on("ingress").empty();
  const Json json = {{"traefik-route", limited}, {"ingress", open}};
  const std::string route = "traefik-route limits each client";
  const std::string ingress = "ingress has no limits for clients";
  if (limited) {
    return {"edge", json, open ? route + ", " + ingress : route};
  }
  return {"edge", json, open ? ingress : "not published"};
}

std::string no_pebble(const Snapshot& snapshot) {
  return snapshot.pebble_fault == PebbleFault::silent
             ? "Pebble does not answer: " + snapshot.workload_error
             : snapshot.workload_error;
}

StatusPart pebble_part(const StatusSources& sources) {
  const auto& workload = sources.snapshot.workload;
  if (!workload) {
    return unknown("pebble", no_pebble(sources.snapshot));
  }
  return {"pebble", {{"version", workload->version}}, workload->version};
}

/// Joins names with Pebble's words for their states.
StatusPart states_part(const std::string& key, const std::map<std::string, std::string>& states) {
  Json json = Json::object();
  std::string text;
  for (const auto& [name, state] : states) {
    json[name] = state;
    text.append(text.empty() ? "" : ", ").append(name).append(" ").append(state);
  }
  return {key, json, text.empty() ? "none" : text};
}

StatusPart services_part(const StatusSources& sources) {
  const auto& workload = sources.snapshot.workload;
  return workload ? states_part("services", workload->services)
                  : unknown("services", no_pebble(sources.snapshot));
}

StatusPart checks_part(const StatusSources& sources) {
  const CheckStates& checks = sources.checks;
  return checks.missing.empty() ? states_part("checks", checks.by_name)
                                : unknown("checks", checks.missing);
}

/// Returns every part, in the order of the table. A missing part shows its reason; in JSON it is
/// `{"error": "…"}`.
std::vector<StatusPart> status_parts(const StatusSources& sources) {
  return {unit_part(sources),    charm_part(sources),    keyserver_part(sources),
          keys_part(sources),    tree_part(sources),     block_list_part(sources),
          uploads_part(sources), database_part(sources), admin_key_part(sources),
          edge_part(sources),    pebble_part(sources),   services_part(sources),
          checks_part(sources)};
}

using Parts = std::vector<StatusPart>;
using Peers = std::vector<PeerReport>;

DatabaseState database_state(ActionContext& context) {
  DatabaseState state;
  try {
    const FoundDatabase found = context.find_database();
    state.endpoint = found.endpoint;
    state.statistics = found.database.statistics();
  } catch (const std::exception& error) {
    state.missing = single_line(error.what(), longest_reason);
  }
  return state;
}

/// Hooks do not need them, so the Snapshot does not have them.
CheckStates check_states(const pebble::Client& pebble) {
  CheckStates states;
  try {
    states.by_name = pebble.checks();
  } catch (const Error& error) {
    states.missing = "Pebble does not answer: " + single_line(error.what(), longest_reason);
  }
  return states;
}

std::string json_of(const Parts& parts, const Peers& peers, std::size_t left_out) {
  Json json;
  for (const StatusPart& part : parts) {
    json[part.key] = part.json;
  }
  return json_with_peers(std::move(json), peers, left_out);
}

/// Returns the heading for a key such as `prefix-tree`.
std::string heading(std::string key) {
  std::replace(key.begin(), key.end(), '-', ' ');
  key.front() = static_cast<char>(key.front() - 'a' + 'A');
  return key;
}

std::string text_of(const Parts& parts, const Peers& peers, std::size_t left_out) {
  std::vector<TableRow> rows;
  for (const StatusPart& part : parts) {
    rows.push_back({heading(part.key), part.text});
  }
  return table(rows) + "\n\n" + peers_overview(peers, left_out);
}

}  // namespace

Results run_show_status(ActionContext& context) {
  const StatusSources sources{.snapshot = context.snapshot(),
                              .plan = context.plan(),
                              .charm = context.charm(),
                              .database = database_state(context),
                              .checks = check_states(context.doors.pebble),
                              .peers = peer_sources(context)};
  const Parts parts = status_parts(sources);
  const Peers peers = report_peers(sources.peers);
  return {{"json", fitting(peers, std::bind_front(json_of, std::cref(parts)))},
          {"status", fitting(peers, std::bind_front(text_of, std::cref(parts)))}};
}

}  // namespace charm::actions
