// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "configuration_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <set>
#include <utility>

namespace charm::hockeypuck {
namespace {

/// The paths of templates and web pages in the charm's rock and in the rock of
/// canonical/hockeypuck-k8s-operator (hockeypuck_rock/rockcraft.yaml). The files are Hockeypuck's
/// contrib/templates and contrib/webroot. Hockeypuck 2.3 does not start without a named template.
constexpr std::string_view index_template = "/hockeypuck/lib/templates/index.html.tmpl";
constexpr std::string_view stats_template = "/hockeypuck/lib/templates/stats.html.tmpl";
constexpr std::string_view web_root = "/hockeypuck/lib/www";

std::string bind_to_all(int port) {
  return ':' + std::to_string(port);
}

/// The keyserver's name on its pages and in the armor headers of keys.
std::string displayed_hostname(const Unit& unit, const Settings& settings, const Facts& facts) {
  if (!settings.hostname.empty()) {
    return settings.hostname;
  }
  if (facts.external_url && !facts.external_url->host.empty()) {
    return facts.external_url->host;
  }
  return unit.app + '.' + unit.model + ".svc.cluster.local";
}

void write_server(TomlDocument& document, const Unit& unit, const Settings& settings,
                  const Facts& facts) {
  std::string node = unit.name;
  std::ranges::replace(node, '/', '-');
  document.table("hockeypuck");
  document.text("loglevel", settings.log_level);
  // promtail reads files only, and Pebble reads standard output.
  if (facts.promtail) {
    document.text("logfile", log_path);
  }
  document.text("hostname", displayed_hostname(unit, settings, facts));
  document.text("nodename", node);
  if (!settings.contact_fingerprint.empty()) {
    document.text("contact", "0x" + settings.contact_fingerprint);
  }
  // An empty entry would disable every administrator.
  const std::vector<std::string> administrators = admin_fingerprints(settings, facts);
  if (!administrators.empty()) {
    document.texts("adminKeys", administrators);
  }
  document.text("indexTemplate", index_template);
  document.text("vindexTemplate", index_template);
  document.text("statsTemplate", stats_template);
  document.text("webroot", web_root);
  document.number("maxResponseLen", settings.max_response_length);
}

void write_hkp(TomlDocument& document, const Settings& settings) {
  document.table("hockeypuck.hkp");
  document.text("bind", bind_to_all(hkp_port));
  document.flag("logRequestDetails", settings.log_request_details);
  document.table("hockeypuck.hkp.queries");
  document.flag("selfSignedOnly", settings.self_signed_only);
  document.flag("keywordSearchDisabled", !settings.keyword_search);
}

void write_openpgp(TomlDocument& document, const Settings& settings, const Database& database) {
  document.table("hockeypuck.openpgp");
  document.number("maxKeyLength", settings.max_key_length);
  document.number("maxPacketLength", settings.max_packet_length);
  document.table("hockeypuck.openpgp.db");
  document.text("driver", "postgres-jsonb");
  document.text("dsn", data_source_name(database, ca_path));
  document.number("requestQueryLimit", settings.query_limit);
}

std::vector<std::string> allowed_networks(const Settings& settings) {
  std::vector<std::string> networks;
  const auto add = [&networks](const std::vector<std::string>& candidates) {
    for (const std::string& candidate : candidates) {
      if (std::ranges::find(networks, candidate) == networks.end()) {
        networks.push_back(candidate);
      }
    }
  };
  add(settings.recon_allowed_cidrs);
  for (const ExternalPeer& peer : settings.external_peers) {
    add(peer.source_cidrs);
  }
  return networks;
}

Partner partner_at(const std::string& name, const ExternalPeer& address) {
  return {.name = name,
          .http_address = host_and_port(address.host, address.http_port),
          .recon_address = host_and_port(address.host, address.recon_port)};
}

std::vector<Partner> outside_partners(const Settings& settings, const Facts& facts) {
  std::vector<Partner> partners;
  std::size_t number = 0;
  for (const ExternalPeer& peer : settings.external_peers) {
    partners.push_back(partner_at("peer" + std::to_string(++number), peer));
  }
  number = 0;
  for (const std::string& host : facts.recon_proxies) {
    Partner proxy = partner_at("proxy" + std::to_string(++number), {.host = host});
    proxy.role = PartnerRole::proxy;
    partners.push_back(std::move(proxy));
  }
  return partners;
}

/// Each configuration has room for so many units. Up to this number, a new unit restarts no other.
constexpr unsigned least_room = 4;

std::string_view number_of(std::string_view unit) {
  return unit.substr(unit.find('/') + 1);
}

/// Each unit has its own entry, because Hockeypuck (2.3) drops a stale digest only if a partner
/// asks this very server for it.
Partner partner_of(const std::string& unit, const std::string& model) {
  Partner partner =
      partner_at(std::string("unit").append(number_of(unit)), {.host = pod_name(unit, model)});
  partner.role = PartnerRole::unit;
  return partner;
}

/// Returns the other units, including those that may follow. A name that does not exist yet costs
/// Hockeypuck one lookup for each reconciliation.
std::vector<Partner> units(const Unit& unit, const Facts& facts) {
  std::vector<Partner> partners;
  if (facts.peer_units.empty()) {
    return partners;
  }
  const std::string_view last = number_of(facts.peer_units.back());
  int highest = 0;
  std::from_chars(last.data(), last.data() + last.size(), highest);
  highest = std::max(highest, unit.number);
  const unsigned room = std::max(least_room, std::bit_ceil(static_cast<unsigned>(highest) + 1));
  for (unsigned number = 0; number < room; ++number) {
    const std::string name = unit.app + "/" + std::to_string(number);
    if (name != unit.name) {
      partners.push_back(partner_of(name, unit.model));
    }
  }
  return partners;
}

void write_partner(TomlDocument& document, const Partner& partner) {
  // A dot in the name would make a nested table, which Hockeypuck ignores.
  document.table("hockeypuck.conflux.recon.partner." + partner.name);
  document.text("httpAddr", partner.http_address);
  document.text("reconAddr", partner.recon_address);
  // A proxy is a partner with a negative weight: it is never dialled but may dial in. Unlike a
  // network in allowCIDRs it has a name, so it is resolved again after the proxy's pod has moved.
  if (partner.role != PartnerRole::peer) {
    document.number("weight", weight_of(partner.role));
    document.flag("mask", true);
  }
}

/// Whether Hockeypuck may remember digests that it could not fetch. It fetches missing keys from
/// the address of the caller. Behind a proxy, that address is this server itself, which answers
/// that it has none. The keys would then count as seen, and would never be fetched from the right
/// peer. And a digest that another unit has not dropped yet must be asked for until it has.
bool remembers_digests(const std::vector<Partner>& partners,
                       const std::vector<std::string>& networks) {
  return networks.empty() && std::ranges::all_of(partners, [](const Partner& partner) {
           return partner.role == PartnerRole::peer;
         });
}

/// Every unit reconciles with the others, so that their trees hold the same keys. Only the leader
/// reconciles with peers.
void write_recon(TomlDocument& document, const Unit& unit, const Settings& settings,
                 const Facts& facts) {
  std::vector<Partner> partners = units(unit, facts);
  std::vector<std::string> networks;
  if (unit.leader && settings.reconciles()) {
    networks = allowed_networks(settings);
    const std::vector<Partner> outside = outside_partners(settings, facts);
    partners.insert(partners.begin(), outside.begin(), outside.end());
  }
  document.table("hockeypuck.conflux.recon");
  document.text("httpAddr", bind_to_all(hkp_port));
  document.text("reconAddr", unit.leader || !partners.empty() ? bind_to_all(recon_port) : "none");
  document.number("gossipIntervalSecs", settings.recon_interval);
  if (!networks.empty()) {
    document.texts("allowCIDRs", networks);
  }
  if (!remembers_digests(partners, networks)) {
    document.number("seenCacheSize", 0);
  }
  document.table("hockeypuck.conflux.recon.leveldb");
  document.text("path", std::string(tree_directory) + "/ptree");
  for (const Partner& partner : partners) {
    write_partner(document, partner);
  }
}

std::set<std::string> own_fingerprints(const Facts& facts) {
  std::set<std::string> fingerprints;
  if (facts.admin_keys.current) {
    fingerprints.insert(facts.admin_keys.current->fingerprint);
  }
  for (const RetiredAdminKey& key : facts.admin_keys.retired) {
    fingerprints.insert(key.fingerprint);
  }
  if (facts.next_admin_key) {
    fingerprints.insert(facts.next_admin_key->fingerprint);
  }
  return fingerprints;
}

}  // namespace

std::vector<std::string> admin_fingerprints(const Settings& settings, const Facts& facts) {
  std::vector<std::string> fingerprints = settings.admin_keys;
  // Sorted, so that a replaced key does not restart the keyserver.
  for (const std::string& fingerprint : own_fingerprints(facts)) {
    if (std::ranges::find(fingerprints, fingerprint) == fingerprints.end()) {
      fingerprints.push_back(fingerprint);
    }
  }
  return fingerprints;
}

ReconPlan plan_recon(const Unit& unit, const Settings& settings, const Facts& facts) {
  ReconPlan plan{.interval = std::chrono::seconds(settings.recon_interval)};
  if (settings.reconciles()) {
    plan.partners = outside_partners(settings, facts);
  }
  for (const std::string& other : facts.peer_units) {
    plan.partners.push_back(partner_of(other, unit.model));
  }
  return plan;
}

std::string render_configuration(const Unit& unit, const Settings& settings, const Facts& facts,
                                 const Database& database) {
  TomlDocument document;
  write_server(document, unit, settings, facts);
  write_hkp(document, settings);
  write_openpgp(document, settings, database);
  write_recon(document, unit, settings, facts);
  document.table("hockeypuck.metrics");
  document.text("metricsAddr", bind_to_all(metrics_port));
  document.text("metricsPath", "/metrics");
  return document.content();
}

}  // namespace charm::hockeypuck
