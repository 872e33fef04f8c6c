// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "show_peers.hpp"

#include "actions.hpp"
#include "charm/domain/address.hpp"
#include "charm/domain/text.hpp"
#include "results.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm::actions {
namespace {

using keyserver::PartnerExchange;
using keyserver::PartnerStatistics;

constexpr std::size_t longest_text = 200;
/// The limit of the alert HockeypuckPeerStale.
constexpr std::chrono::hours stale_after(3);

/// The keyserver may still run with an earlier configuration, in which the names mean other peers.
/// Addresses are reliable, but it hides those of proxies.
bool is_same(const Partner& partner, const PartnerStatistics& listed) {
  return listed.masked ? listed.name == partner.name
                       : listed.recon_address == partner.recon_address;
}

const PartnerStatistics* find(const std::vector<PartnerStatistics>& listed,
                              const Partner& partner) {
  const auto found = std::find_if(listed.begin(), listed.end(), [&](const PartnerStatistics& one) {
    return is_same(partner, one);
  });
  return found == listed.end() ? nullptr : &*found;
}

PartnerExchange shown(const PartnerExchange& exchange) {
  return {exchange.succeeded, single_line(exchange.error, longest_text)};
}

std::optional<std::int64_t> recovered(const keyserver::Metrics& metrics,
                                      const std::vector<std::string>& addresses) {
  std::optional<std::int64_t> count;
  for (const std::string& address : addresses) {
    const auto found = metrics.recovered.find(address);
    if (found != metrics.recovered.end()) {
      count = count.value_or(0) + found->second;
    }
  }
  return count;
}

/// Filters are rules for the content of keys. They differ between versions of Hockeypuck.
std::string failing(const std::string& error) {
  return error.find("mismatched filters") == std::string::npos
             ? "failing: " + error
             : "mismatched filters: it runs a version of Hockeypuck with other rules for keys";
}

std::string verdict_on_proxy(const PeerReport& peer) {
  if (!peer.incoming.error.empty()) {
    return failing(peer.incoming.error);
  }
  return peer.incoming.succeeded ? "ok" : "no incoming connections yet";
}

/// Each reconciliation picks one of the partners at random.
std::chrono::seconds patience(const std::optional<ReconPlan>& plan) {
  const ReconPlan none;
  const ReconPlan& wanted = plan ? *plan : none;
  const auto turns = 3 * static_cast<std::int64_t>(wanted.partners.size());
  return std::max<std::chrono::seconds>(stale_after, turns * wanted.interval);
}

bool is_recent(const std::optional<std::chrono::sys_seconds>& time, const PeerSources& sources) {
  return time && sources.now - *time <= patience(sources.plan);
}

/// One reconciliation exchanges keys in both directions, so it does not matter which side began it.
std::string fault_of(const PeerReport& peer, const PeerSources& sources) {
  const bool called = peer.outgoing.error.empty() && is_recent(peer.outgoing.succeeded, sources);
  const bool was_called =
      peer.incoming.error.empty() && is_recent(peer.incoming.succeeded, sources);
  const std::string& error =
      peer.outgoing.error.empty() ? peer.incoming.error : peer.outgoing.error;
  if (!error.empty() && !called && !was_called) {
    return failing(error);
  }
  if (!peer.recovery.error.empty()) {
    return "failing: its keys cannot be fetched: " + peer.recovery.error;
  }
  if (!peer.outgoing.error.empty()) {
    return "one way: it calls, but cannot be called: " + error;
  }
  return error.empty() ? "" : "one way: it can be called, but its calls fail: " + error;
}

std::string verdict_on_peer(const PeerReport& peer, bool resolves, const PeerSources& sources) {
  if (std::string fault = fault_of(peer, sources); !fault.empty()) {
    return fault;
  }
  const auto last = std::max(peer.incoming.succeeded, peer.outgoing.succeeded);
  if (!last) {
    return resolves ? "never reconciled" : "never reconciled: its name cannot be resolved";
  }
  return is_recent(last, sources)
             ? "ok"
             : "stale: last reconciled " + duration_text(sources.now - *last) + " ago";
}

void add_statistics(PeerReport& peer, const PartnerStatistics& listed, const PeerSources& sources) {
  peer.incoming = shown(listed.incoming);
  peer.outgoing = shown(listed.outgoing);
  peer.recovery = shown(listed.recovery);
  const auto place = parse_host_port(peer.partner.recon_address);
  const auto addresses = place ? sources.addresses_of(place->host) : std::vector<std::string>();
  peer.recovered_keys = recovered(sources.metrics, addresses);
  peer.verdict = peer.partner.role == PartnerRole::proxy
                     ? verdict_on_proxy(peer)
                     : verdict_on_peer(peer, !addresses.empty(), sources);
}

PeerReport report_wanted(const Partner& partner, const PeerSources& sources) {
  PeerReport peer{.partner = partner};
  const PartnerStatistics* listed =
      sources.statistics ? find(sources.statistics->peers, partner) : nullptr;
  if (!sources.leader && partner.role != PartnerRole::unit) {
    peer.verdict = "not from this unit: the leader reconciles";
  } else if (!sources.statistics) {
    peer.verdict = "unknown: " + sources.no_statistics;
  } else if (listed == nullptr) {
    peer.verdict = "not yet: the keyserver runs without this peer";
  } else {
    add_statistics(peer, *listed, sources);
  }
  return peer;
}

PeerReport report_listed(const PartnerStatistics& listed, const PeerSources& sources) {
  PeerReport peer{.partner = {.name = single_line(listed.name, longest_text),
                              .http_address = single_line(listed.http_address, longest_text),
                              .recon_address = single_line(listed.recon_address, longest_text),
                              .role = listed.masked ? PartnerRole::proxy : PartnerRole::peer}};
  add_statistics(peer, listed, sources);
  if (sources.plan) {
    peer.verdict = "no longer wanted, but the keyserver still has it; " + peer.verdict;
  }
  return peer;
}

/// The configuration has room for units that do not exist yet.
bool is_unit(const PartnerStatistics& listed) {
  return listed.masked && listed.name.starts_with("unit");
}

bool is_among(const std::vector<Partner>& partners, const PartnerStatistics& listed) {
  return std::any_of(partners.begin(), partners.end(),
                     [&](const Partner& partner) { return is_same(partner, listed); });
}

using Json = nlohmann::ordered_json;

std::string_view word_of(PartnerRole role) {
  switch (role) {
    case PartnerRole::peer:
      return "peer";
    case PartnerRole::proxy:
      return "proxy";
    case PartnerRole::unit:
      return "unit";
  }
  return {};
}

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
               {"role", word_of(partner.role)},
               {"weight", weight_of(partner.role)},
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

/// The keyserver never dials a proxy.
std::string outgoing_text(const PeerReport& peer) {
  return peer.partner.role == PartnerRole::proxy ? "-" : time_text(peer.outgoing.succeeded);
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

/// One line for each peer with every value that fits on one line.
std::string peers_table(const std::vector<PeerReport>& peers, std::size_t left_out) {
  std::vector<TableRow> rows = {{"Peer", "Role", "Recon address", "HTTP address", "Last incoming",
                                 "Last outgoing", "Recovered", "Verdict"}};
  for (const PeerReport& peer : peers) {
    const Partner& partner = peer.partner;
    rows.push_back({partner.name, std::string(word_of(partner.role)), partner.recon_address,
                    partner.http_address, time_text(peer.incoming.succeeded), outgoing_text(peer),
                    peer.recovered_keys ? std::to_string(*peer.recovered_keys) : "-",
                    peer.verdict});
  }
  return finished(rows, left_out);
}

}  // namespace

std::vector<PeerReport> report_peers(const PeerSources& sources) {
  const std::vector<Partner> wanted =
      sources.plan ? sources.plan->partners : std::vector<Partner>();
  std::vector<PeerReport> peers;
  peers.reserve(wanted.size());
  for (const Partner& partner : wanted) {
    peers.push_back(report_wanted(partner, sources));
  }
  if (sources.statistics) {
    for (const PartnerStatistics& listed : sources.statistics->peers) {
      if (!is_unit(listed) && !is_among(wanted, listed)) {
        peers.push_back(report_listed(listed, sources));
      }
    }
  }
  return peers;
}

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
