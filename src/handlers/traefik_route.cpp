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

/// A part of HKP with its own limit.
struct HkpRoute {
  std::string_view purpose;  ///< The end of the router's name.
  std::string_view rule;     ///< In the syntax of Traefik 2 and 3. The longest rule comes first.
  std::int64_t rate = 0;     ///< Requests of one client in a second; 0: no limit.
  bool has_body = false;
};

/// All requests that Hockeypuck (2.3, 2.4) answers. Traefik answers 404 or 405 to the rest.
std::vector<HkpRoute> hkp_routes(const EdgeLimits& limits) {
  std::vector<HkpRoute> routes = {
      {"lookups", "Method(`GET`) || Method(`HEAD`) || Method(`OPTIONS`)", limits.lookup_rate},
      {"uploads", "Method(`POST`) && Path(`/pks/add`) || Method(`POST`) && Path(`/pks/v2/certs`)",
       limits.upload_rate, true},
      // One request of a peer names up to a hundred keys.
      {"hashqueries", "Method(`POST`) && Path(`/pks/hashquery`)", limits.lookup_rate, true}};
  if (limits.admin_requests) {
    routes.push_back(
        {"admin-requests",
         "Method(`POST`) && Path(`/pks/delete`) || Method(`POST`) && Path(`/pks/replace`)",
         limits.upload_rate, true});
  }
  return routes;
}

/// The middlewares of HKP, and the names of those that each router uses, in their order.
class Middlewares {
 public:
  Middlewares(const Unit& unit, const Settings& settings) : unit_(unit), settings_(settings) {
    const EdgeLimits& limits = settings.edge;
    add("retry", {{"retry", {{"attempts", most_attempts}, {"initialInterval", "200ms"}}}});
    // The text of a key is a third longer than the key, and the form that carries it longer again.
    add("body", {{"buffering", {{"maxRequestBodyBytes", 2 * settings.max_key_length}}}});
    if (limits.client_requests > 0) {
      add("in-flight",
          {{"inFlightReq", {{"amount", limits.client_requests}, {"sourceCriterion", client()}}}});
    }
  }

  [[nodiscard]] std::vector<std::string> of(const HkpRoute& route) {
    std::vector<std::string> names;
    if (route.has_body) {
      names.push_back(name("body"));
    }
    if (settings_.edge.client_requests > 0) {
      names.push_back(name("in-flight"));
    }
    if (route.rate > 0) {
      add(route.purpose, {{"rateLimit",
                           {{"average", route.rate},
                            {"burst", burst_seconds * route.rate},
                            {"sourceCriterion", client()}}}});
      names.push_back(name(route.purpose));
    }
    names.push_back(name("retry"));
    return names;
  }

  [[nodiscard]] const json& all() const { return all_; }

 private:
  /// Traefik waits between them, about a second in all. A restart takes 0.3 s at most.
  static constexpr int most_attempts = 5;
  static constexpr std::int64_t burst_seconds = 5;

  [[nodiscard]] std::string name(std::string_view purpose) const {
    return route_name(unit_, purpose);
  }

  void add(std::string_view purpose, json middleware) {
    all_[name(purpose)] = std::move(middleware);
  }

  /// Traefik takes the last address in X-Forwarded-For that is not one of these proxies. Without
  /// proxies, it takes the address of the connection. It refuses the whole file if the strategy is
  /// empty.
  [[nodiscard]] json client() const {
    const auto& proxies = settings_.edge.trusted_proxies;
    return {{"ipStrategy", proxies.empty() ? json{{"depth", 0}} : json{{"excludedIPs", proxies}}}};
  }

  const Unit& unit_;
  const Settings& settings_;
  json all_ = json::object();
};

/// Every unit serves HKP. No rule names a host, because keyservers ask each other by address. A
/// unit whose pod is gone costs a client at most one second.
json hkp_section(const Unit& unit, const Settings& settings,
                 const std::vector<std::string>& peers) {
  std::vector<std::string> units = peers;
  units.push_back(unit.name);
  std::sort(units.begin(), units.end(), databag::precedes);
  json servers = json::array();
  for (const std::string& name : units) {
    servers.push_back({{"url", "http://" + address(name, unit, hockeypuck::hkp_port)}});
  }
  const std::string service = route_name(unit, "hkp");
  json balancer = {{"servers", servers}, {"serversTransport", service}};
  if (json check = databag::hkp_health_check(peers); !check.is_null()) {
    balancer["healthCheck"] = std::move(check);
  }
  Middlewares middlewares(unit, settings);
  json routers;
  for (const HkpRoute& route : hkp_routes(settings.edge)) {
    routers[route_name(unit, route.purpose)] = {{"entryPoints", {hkp_entry_point}},
                                                {"rule", route.rule},
                                                {"service", service},
                                                {"middlewares", middlewares.of(route)}};
  }
  return {{"routers", routers},
          {"middlewares", middlewares.all()},
          {"serversTransports", {{service, {{"forwardingTimeouts", {{"dialTimeout", "1s"}}}}}}},
          {"services", {{service, {{"loadBalancer", balancer}}}}}};
}

/// The only server is this unit, the leader. The other units reconcile only with each other, and
/// would refuse the connections of peers.
/// HostSNI(`*`) matches clients of both address families; ClientIP would need two networks.
json recon_section(const Unit& unit) {
  const std::string name = route_name(unit, "recon");
  const json server = {{"address", address(unit.name, unit, hockeypuck::recon_port)}};
  return {{"routers",
           {{name,
             {{"entryPoints", {recon_entry_point}}, {"rule", "HostSNI(`*`)"}, {"service", name}}}}},
          {"services", {{name, {{"loadBalancer", {{"servers", json::array({server})}}}}}}}};
}

/// Never contains an empty section: Traefik would then reject the routes of all applications.
json dynamic_configuration(const Unit& unit, const Settings& settings, const Facts& facts) {
  json configuration = {{"http", hkp_section(unit, settings, facts.peer_units)}};
  if (settings.reconciles()) {
    configuration["tcp"] = recon_section(unit);
  }
  return configuration;
}

/// Always contains both, because any change restarts Traefik and drops all connections. Traefik's
/// charm fails on any other form of the address, `:11370/tcp` for example. Traefik keeps
/// X-Forwarded-For only if the connection comes from a trusted proxy.
json static_configuration(const EdgeLimits& limits) {
  const auto at = [](int port) { return json{{"address", ":" + std::to_string(port)}}; };
  json hkp = at(hockeypuck::hkp_port);
  if (!limits.trusted_proxies.empty()) {
    hkp["forwardedHeaders"] = {{"trustedIPs", limits.trusted_proxies}};
  }
  return {
      {"entryPoints", {{recon_entry_point, at(hockeypuck::recon_port)}, {hkp_entry_point, hkp}}}};
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
  if (!snapshot.unit.leader || !settings.right) {
    return;
  }
  const json configuration = dynamic_configuration(snapshot.unit, settings, facts);
  for (const Relation* relation : snapshot.on(traefik_route_endpoint)) {
    plan.publications.push_back(
        {.relation = relation->id,
         .scope = Scope::app,
         .data = {{"raw", "True"},
                  {"config", databag::dump_json(configuration)},
                  {"static", databag::dump_json(static_configuration(settings.edge))}}});
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
