// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm {

namespace {

constexpr std::string_view traefik_route_endpoint = "traefik-route";

using nlohmann::json;

/// Entry points become port names of Traefik's Kubernetes Service as well, hence DNS labels. They
/// are the same for every application, so that two applications can share one Traefik. Two names
/// for one port would keep Traefik from starting.
constexpr std::string_view recon_entry_point = "recon";
constexpr std::string_view hkp_entry_point = "hkp";

/// Has a prefix, because Traefik's names are global for all related applications.
std::string route_name(const Unit& unit, std::string_view purpose) {
  return unit.model + "-" + unit.app + "-" + std::string(purpose);
}

std::string address(std::string_view unit, const Unit& self, int port) {
  return pod_name(unit, self.model) + ":" + std::to_string(port);
}

/// Returns one router and its service of the same name: a section `http` or `tcp`.
json section(const std::string& name, std::string_view entry_point, std::string_view rule,
             const json& load_balancer) {
  const json router = {{"entryPoints", {entry_point}}, {"rule", rule}, {"service", name}};
  return {{"routers", {{name, router}}}, {"services", {{name, {{"loadBalancer", load_balancer}}}}}};
}

/// Every unit serves HKP. The rule accepts any host, because keyservers ask each other by address.
json hkp_section(const Unit& unit, const std::vector<std::string>& peers) {
  std::vector<std::string> units = peers;
  units.push_back(unit.name);
  std::sort(units.begin(), units.end(), databag::precedes);
  json servers = json::array();
  for (const std::string& name : units) {
    servers.push_back({{"url", "http://" + address(name, unit, hockeypuck::hkp_port)}});
  }
  const json health_check = {{"path", "/pks/health"}, {"interval", "30s"}, {"timeout", "5s"}};
  return section(route_name(unit, "hkp"), hkp_entry_point, "PathPrefix(`/`)",
                 {{"servers", servers}, {"healthCheck", health_check}});
}

/// The only server is this unit, the leader. The other units reconcile only with each other, and
/// would refuse the connections of peers.
/// HostSNI(`*`) matches clients of both address families; ClientIP would need two networks.
json recon_section(const Unit& unit) {
  const json server = {{"address", address(unit.name, unit, hockeypuck::recon_port)}};
  return section(route_name(unit, "recon"), recon_entry_point, "HostSNI(`*`)",
                 {{"servers", json::array({server})}});
}

/// Never contains an empty section: Traefik would then reject the routes of all applications.
json dynamic_configuration(const Unit& unit, const Settings& settings, const Facts& facts) {
  json configuration = {{"http", hkp_section(unit, facts.peer_units)}};
  if (settings.reconciles()) {
    configuration["tcp"] = recon_section(unit);
  }
  return configuration;
}

/// Always contains both, because any change restarts Traefik and drops all connections. Traefik's
/// charm fails on any other form of the address, `:11370/tcp` for example.
json static_configuration() {
  const auto at = [](int port) { return json{{"address", ":" + std::to_string(port)}}; };
  return {{"entryPoints",
           {{recon_entry_point, at(hockeypuck::recon_port)},
            {hkp_entry_point, at(hockeypuck::hkp_port)}}}};
}

/// `external_host` is Traefik's public host. Behind another ingress, a path follows it.
void learn_host(const Relation& relation, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, "external_host");
  if (text.empty()) {
    return;
  }
  const auto name = text.substr(0, text.find('/'));
  const auto host =
      is_ipv6(name) ? HostPort{std::string(name), std::nullopt} : parse_host_port(name);
  if (!host) {
    facts.warnings.push_back(databag::warning(relation, "external_host", "not a host"));
  } else if (!facts.external_url) {
    facts.external_url = Url{.scheme = "http", .host = host->host, .port = hockeypuck::hkp_port};
  }
}

/// If true, Traefik's own host is ignored.
bool ingress_tells_url(const Occasion& occasion) {
  Facts facts;
  ingress.learn(occasion.snapshot, occasion.settings, facts);
  return facts.external_url.has_value();
}

/// Traefik's pods open the connections that it forwards. No databag has their addresses: Juju's own
/// keys hold the Service's.
void learn_proxies(const Relation& relation, const Unit& unit, Facts& facts) {
  for (const auto& [name, bag] : relation.remote_units) {
    facts.recon_proxies.push_back(pod_name(name, unit.model));
  }
}

WantedBags wants_of_traefik_route(const Occasion& occasion) {
  const bool reconciles = occasion.snapshot.unit.leader && occasion.settings.reconciles();
  return {.remote_app = occasion.own_event || !ingress_tells_url(occasion),
          .remote_units = reconciles,
          .local_app = true};
}

void learn_traefik_route(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(traefik_route_endpoint)) {
    learn_host(*relation, facts);
    learn_proxies(*relation, snapshot.unit, facts);
  }
  std::sort(facts.recon_proxies.begin(), facts.recon_proxies.end());
}

// Traefik's charm reads the JSON as YAML. `raw`, in Python's spelling, stops Traefik's charm from
// adding a TLS router, which would hold connections until the client sends data.
void publish_traefik_route(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                           Plan& plan) {
  if (!snapshot.unit.leader) {
    return;
  }
  const json configuration = dynamic_configuration(snapshot.unit, settings, facts);
  for (const Relation* relation : snapshot.on(traefik_route_endpoint)) {
    plan.publications.push_back({.relation = relation->id,
                                 .scope = Scope::app,
                                 .data = {{"raw", "True"},
                                          {"config", databag::dump_json(configuration)},
                                          {"static", databag::dump_json(static_configuration())}}});
  }
}

}  // namespace

/// The requirer of `traefik_route`: raw Traefik configuration. It exposes HKP at its own port of
/// the proxy, where clients expect it, and the reconciliation protocol, which is plain TCP.
/// `ingress` supports only HTTP below a path. Learns the proxy's host and its pods.
constexpr RelationHandler traefik_route{.endpoint = traefik_route_endpoint,
                                        .wants = wants_of_traefik_route,
                                        .learn = learn_traefik_route,
                                        .publish = publish_traefik_route};

}  // namespace charm
