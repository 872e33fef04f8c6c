// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/show_peers.hpp"

#include "peer_sources.hpp"
#include "peer_text.hpp"
#include "results.hpp"

#include <nlohmann/json.hpp>

namespace charm::actions {

namespace {

std::string json_of(const std::vector<PeerReport>& peers, std::size_t left_out) {
  nlohmann::ordered_json json;
  json["peers"] = peers_json(peers);
  json["peers-left-out"] = left_out;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

Results ShowPeers::run(const ActionContext& context) const {
  const std::vector<PeerReport> peers = report_peers(peer_sources(context));
  Results results = {{"json", fitting(peers, json_of)}, {"peers", fitting(peers, peers_table)}};
  if (!context.plan().recon) {
    results["note"] = aggregate(context.plan().statuses).message;
  }
  return results;
}

}  // namespace charm::actions
