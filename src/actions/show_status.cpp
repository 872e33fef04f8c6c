// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/show_status.hpp"

#include "charm/domain/text.hpp"
#include "peer_sources.hpp"
#include "peer_text.hpp"
#include "results.hpp"
#include "status_parts.hpp"
#include "table.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace charm::actions {
namespace {

using Json = nlohmann::ordered_json;
using Parts = std::vector<StatusPart>;
using Peers = std::vector<PeerReport>;

constexpr std::size_t longest_reason = 500;

DatabaseState database_state(const ActionContext& context) {
  DatabaseState state;
  try {
    const FoundDatabase found = context.find_database();
    state.endpoint = found.endpoint;
    state.statistics = found.database->statistics();
  } catch (const Error& error) {
    state.missing = single_line(error.what(), longest_reason);
  }
  return state;
}

/// Hooks have no use for them, so that a Snapshot does not have them.
CheckStates check_states(const ActionContext& context) {
  CheckStates states;
  try {
    for (pebble::CheckInfo& check : context.pebble.checks()) {
      states.by_name[check.name] = std::move(check.status);
    }
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
  json["peers"] = peers_json(peers);
  json["peers-left-out"] = left_out;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// `prefix-tree` for people.
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

Results ShowStatus::run(const ActionContext& context) const {
  const StatusSources sources{.snapshot = context.snapshot(),
                              .plan = context.plan(),
                              .charm = context.charm(),
                              .database = database_state(context),
                              .checks = check_states(context),
                              .peers = peer_sources(context)};
  const Parts parts = status_parts(sources);
  const Peers peers = report_peers(sources.peers);
  return {{"json", fitting(peers, std::bind_front(json_of, std::cref(parts)))},
          {"status", fitting(peers, std::bind_front(text_of, std::cref(parts)))}};
}

}  // namespace charm::actions
