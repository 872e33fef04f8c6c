// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "peer_text.hpp"

#include "quantities.hpp"
#include "table.hpp"

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
    return "no peers: this application reconciles with nobody";
  }
  return table(rows) + (left_out == 0 ? "" : "\nand " + std::to_string(left_out) + " more");
}

}  // namespace

Json peers_json(const std::vector<PeerReport>& peers) {
  Json json = Json::array();
  for (const PeerReport& peer : peers) {
    json.push_back(peer_json(peer));
  }
  return json;
}

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

std::string peers_overview(const std::vector<PeerReport>& peers, std::size_t left_out) {
  std::vector<TableRow> rows = {
      {"Peer", "Recon address", "Last incoming", "Last outgoing", "Verdict"}};
  for (const PeerReport& peer : peers) {
    rows.push_back({peer.partner.name, peer.partner.recon_address,
                    time_text(peer.incoming.succeeded), outgoing_text(peer), peer.verdict});
  }
  return finished(rows, left_out);
}

}  // namespace charm::actions
