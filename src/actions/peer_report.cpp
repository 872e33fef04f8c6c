// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/text.hpp"
#include "results.hpp"
#include "show_peers.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

using keyserver::PartnerExchange;
using keyserver::PartnerStatistics;

constexpr std::size_t longest_text = 200;
/// As the alert HockeypuckPeerStale.
constexpr std::chrono::hours stale_after(3);

/// `host` of `host:port`, an IPv6 address without its brackets.
std::string host_of(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return has_brackets ? host.substr(1, host.size() - 2) : host;
}

/// The keyserver may still run with an earlier configuration: names then mean others, addresses
/// do not. It hides the addresses of proxies.
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

/// Filters are rules for what a key may consist of; they change between versions of Hockeypuck.
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

/// One reconciliation brings keys to both sides. It does not matter which side began it.
std::string fault_of(const PeerReport& peer) {
  const bool called = peer.outgoing.error.empty() && peer.outgoing.succeeded;
  const bool was_called = peer.incoming.error.empty() && peer.incoming.succeeded;
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

/// Of several partners one is drawn for each reconciliation.
std::chrono::seconds patience(const std::optional<ReconPlan>& plan) {
  const ReconPlan none;
  const ReconPlan& wanted = plan ? *plan : none;
  const auto turns = 3 * static_cast<std::int64_t>(wanted.partners.size());
  return std::max<std::chrono::seconds>(stale_after, turns * wanted.interval);
}

std::string verdict_on_peer(const PeerReport& peer, bool resolves, const PeerSources& sources) {
  if (std::string fault = fault_of(peer); !fault.empty()) {
    return fault;
  }
  const auto last = std::max(peer.incoming.succeeded, peer.outgoing.succeeded);
  if (!last) {
    return resolves ? "never reconciled" : "never reconciled: its name cannot be resolved";
  }
  const std::chrono::seconds age = sources.now - *last;
  return age > patience(sources.plan) ? "stale: last reconciled " + duration_text(age) + " ago"
                                      : "ok";
}

void add_statistics(PeerReport& peer, const PartnerStatistics& listed, const PeerSources& sources) {
  peer.incoming = shown(listed.incoming);
  peer.outgoing = shown(listed.outgoing);
  peer.recovery = shown(listed.recovery);
  const auto addresses = sources.addresses_of(host_of(peer.partner.recon_address));
  peer.recovered_keys = recovered(sources.metrics, addresses);
  peer.verdict = peer.partner.is_proxy ? verdict_on_proxy(peer)
                                       : verdict_on_peer(peer, !addresses.empty(), sources);
}

PeerReport report_wanted(const Partner& partner, const PeerSources& sources) {
  PeerReport peer{.partner = partner};
  const PartnerStatistics* listed =
      sources.statistics ? find(sources.statistics->peers, partner) : nullptr;
  if (!sources.leader) {
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
                              .is_proxy = listed.masked}};
  add_statistics(peer, listed, sources);
  if (sources.plan) {
    peer.verdict = "no longer wanted, but the keyserver still has it; " + peer.verdict;
  }
  return peer;
}

bool is_among(const std::vector<Partner>& partners, const PartnerStatistics& listed) {
  return std::any_of(partners.begin(), partners.end(),
                     [&](const Partner& partner) { return is_same(partner, listed); });
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
      if (!is_among(wanted, listed)) {
        peers.push_back(report_listed(listed, sources));
      }
    }
  }
  return peers;
}

}  // namespace charm::actions
