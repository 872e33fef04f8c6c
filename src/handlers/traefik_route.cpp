// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/traefik_route.hpp"

#include "charm/domain/hockeypuck.hpp"
#include "databag_json.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

/// Becomes a port name of Traefik's Kubernetes Service too, hence a DNS label. The same for every
/// application: two that share one Traefik then agree on the entry point, while two names for one
/// port would keep Traefik from starting.
constexpr std::string_view entry_point = "recon";

/// Prefixed, because Traefik's names are global over all related applications.
std::string route_name(const Unit& unit) {
  return unit.model + "-" + unit.app + "-recon";
}

/// The only server is this unit, the leader: all units share one database, and only one of them may
/// reconcile it with the world, or each would announce keys by a tree of its own. The other units
/// do not listen on the recon port, and Traefik would still send them every second connection.
nlohmann::json dynamic_configuration(const Unit& unit) {
  const auto name = route_name(unit);
  const auto address = unit.fqdn + ":" + std::to_string(hockeypuck::recon_port);
  // HostSNI(`*`) matches clients of both address families; ClientIP would need two networks.
  const nlohmann::json router = {
      {"entryPoints", {entry_point}}, {"rule", "HostSNI(`*`)"}, {"service", name}};
  const nlohmann::json server = {{"address", address}};
  const nlohmann::json service = {{"loadBalancer", {{"servers", nlohmann::json::array({server})}}}};
  return {{"tcp", {{"routers", {{name, router}}}, {"services", {{name, service}}}}}};
}

/// Traefik's charm fails on any other form of the address, `:11370/tcp` for example.
nlohmann::json static_configuration() {
  const auto address = ":" + std::to_string(hockeypuck::recon_port);
  return {{"entryPoints", {{entry_point, {{"address", address}}}}}};
}

}  // namespace

std::string_view TraefikRoute::endpoint() const noexcept {
  return "traefik-route";
}

WantedBags TraefikRoute::wants() const noexcept {
  return {.local_app = true};
}

// JSON is read as the YAML that it is. `raw`, in Python's spelling, keeps Traefik's charm from
// adding a TLS router, which would hold connections until the client speaks first.
void TraefikRoute::publish(const Snapshot& snapshot, const Settings& /*settings*/,
                           const Facts& /*facts*/, Plan& plan) const {
  if (!snapshot.unit.leader || snapshot.unit.fqdn.empty()) {
    return;
  }
  for (const Relation* relation : snapshot.on(endpoint())) {
    plan.publications.push_back(
        {.relation = relation->id,
         .scope = Scope::app,
         .data = {{"raw", "True"},
                  {"config", databag::dump_json(dynamic_configuration(snapshot.unit))},
                  {"static", databag::dump_json(static_configuration())}}});
  }
}

}  // namespace charm
