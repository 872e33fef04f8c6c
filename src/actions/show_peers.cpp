// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "show_peers.hpp"

#include "actions.hpp"
#include "results.hpp"

#include <nlohmann/json.hpp>

namespace charm::actions {
namespace {

using Json = nlohmann::ordered_json;

/// Hockeypuck's own default, and what the charm writes for a proxy.
constexpr int weight_of_peer = 100;
constexpr int weight_of_proxy = -1;

Json exchange_json(const keyserver::PartnerExchange& exchange) {
  Json json = {{"last-success", nullptr}, {"last-error", nullptr}};
  if (exchange.succeeded) {
    json["last-success"] = time_text(exchange.succeeded);
  }
  if (!exchange.error.empty()) {
    json["last-error"] = exchange.error;
  }
  return json;
}

Json peer_json(const PeerReport& peer) {
  const Partner& partner = peer.partner;
  Json json = {{"name", partner.name},
               {"recon-address", partner.recon_address},
               {"http-address", partner.http_address},
               {"role", partner.is_proxy ? "proxy" : "peer"},
               {"weight", partner.is_proxy ? weight_of_proxy : weight_of_peer},
               {"incoming", exchange_json(peer.incoming)},
               {"outgoing", exchange_json(peer.outgoing)},
               {"recovery", exchange_json(peer.recovery)},
               {"recovered-keys", nullptr},
               {"verdict", peer.verdict}};
  if (peer.recovered_keys) {
    json["recovered-keys"] = *peer.recovered_keys;
  }
  return json;
}

/// A proxy is never called.
std::string outgoing_text(const PeerReport& peer) {
  return peer.partner.is_proxy ? "-" : time_text(peer.outgoing.succeeded);
}

/// `rows` begin with the headings.
std::string finished(const std::vector<TableRow>& rows, std::size_t left_out) {
  if (rows.size() == 1 && left_out == 0) {
    return "no peers: this application does not reconcile";
  }
  return table(rows) + (left_out == 0 ? "" : "\nand " + std::to_string(left_out) + " more");
}

std::string why_not(const keyserver::Answer& answer) {
  switch (answer.status) {
    case 0:
      return "the keyserver does not answer: " + answer.error;
    case 200:
      return "the keyserver's statistics page cannot be read";
    default:
      return "the keyserver answers with HTTP status " + std::to_string(answer.status);
  }
}

/// One line for each peer with everything that fits one.
std::string peers_table(const std::vector<PeerReport>& peers, std::size_t left_out) {
  std::vector<TableRow> rows = {{"Peer", "Role", "Recon address", "HTTP address", "Last incoming",
                                 "Last outgoing", "Recovered", "Verdict"}};
  for (const PeerReport& peer : peers) {
    const Partner& partner = peer.partner;
    rows.push_back({partner.name, partner.is_proxy ? "proxy" : "peer", partner.recon_address,
                    partner.http_address, time_text(peer.incoming.succeeded), outgoing_text(peer),
                    peer.recovered_keys ? std::to_string(*peer.recovered_keys) : "-",
                    peer.verdict});
  }
  return finished(rows, left_out);
}

}  // namespace

PeerSources peer_sources(ActionContext& context) {
  const Doors& doors = context.doors;
  PeerSources sources{
      .leader = context.snapshot().unit.leader,
      .plan = context.plan().recon,
      .addresses_of =
          [&doors](const std::string& host) { return doors.downloads.addresses_of(host); },
      .now = doors.clock.now()};
  const keyserver::Answer answer = doors.keyserver.statistics();
  sources.statistics = keyserver::parse_statistics(answer.status == 200 ? answer.body : "");
  if (sources.statistics) {
    sources.metrics = doors.keyserver.metrics();
  } else {
    sources.no_statistics = why_not(answer);
  }
  return sources;
}

std::string json_with_peers(Json json, const std::vector<PeerReport>& peers, std::size_t left_out) {
  json["peers"] = Json::array();
  for (const PeerReport& peer : peers) {
    json["peers"].push_back(peer_json(peer));
  }
  json["peers-left-out"] = left_out;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string peers_overview(const std::vector<PeerReport>& peers, std::size_t left_out) {
  std::vector<TableRow> rows = {
      {"Peer", "Recon address", "Last incoming", "Last outgoing", "Verdict"}};
  for (const PeerReport& peer : peers) {
    rows.push_back({peer.partner.name, peer.partner.recon_address,
                    time_text(peer.incoming.succeeded), outgoing_text(peer), peer.verdict});
  }
  return finished(rows, left_out);
}

Results run_show_peers(ActionContext& context) {
  const std::vector<PeerReport> peers = report_peers(peer_sources(context));
  Results results = {{"json", fitting(peers, std::bind_front(json_with_peers, Json()))},
                     {"peers", fitting(peers, peers_table)}};
  if (!context.plan().recon) {
    results["note"] = aggregate(context.plan().statuses).message;
  }
  return results;
}

}  // namespace charm::actions
