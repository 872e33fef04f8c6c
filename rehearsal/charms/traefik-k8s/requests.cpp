// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include "charm/domain/error.hpp"
#include "rehearsal/charms/partner/ingress_data.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <algorithm>
#include <stdexcept>

namespace traefik {
namespace {

using nlohmann::json;

using rehearsal::partner::InvalidData;

IngressRequest read(const charm::Relation& relation) {
  rehearsal::partner::IngressData data = rehearsal::partner::read_ingress_data(relation);
  std::replace(data.name.begin(), data.name.end(), '/', '-');
  std::replace(data.model.begin(), data.model.end(), '/', '-');
  return {.prefix = data.model + "-" + data.name,
          .port = data.port,
          .scheme = data.scheme,
          .strip_prefix = data.strip_prefix,
          .health_check = data.health_check,
          .hosts = data.hosts};
}

json servers(const IngressRequest& request) {
  json list = json::array();
  for (const std::string& host : request.hosts) {
    list.push_back({{"url", request.scheme + "://" + host + ":" + std::to_string(request.port)}});
  }
  return list;
}

std::string rule(const IngressRequest& request, const Edge& edge) {
  return edge.subdomain ? "Host(`" + request.prefix + "." + edge.host + "`)"
                        : "PathPrefix(`/" + request.prefix + "`)";
}

/// Returns null for any value other than a mapping.
json mapping(const charm::Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  if (entry == bag.end()) {
    return nullptr;
  }
  try {
    json value = rehearsal::yaml_to_json(entry->second);
    return value.is_object() ? value : json();
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

json tls(const std::string& host) {
  if (host.find_first_not_of("0123456789.") == std::string::npos) {
    return json::object();
  }
  return {{"domains", {{{"main", host}, {"sans", {"*." + host}}}}}};
}

json with_tls(json router, const std::string& host) {
  const json first = router.at("entryPoints").at(0);
  router["entryPoints"] = json::array({first == "web" ? json("websecure") : first});
  router["tls"] = tls(host);
  return router;
}

/// The charm expects a mapping at each level and fails on null.
void require_mapping(const json& value, const std::string& section) {
  if (!value.is_object()) {
    throw charm::Error(section + " of the configuration contains a value that is not a mapping");
  }
}

void add_tls_routers(json& configuration, const std::string& section, const std::string& host) {
  if (!configuration.contains(section)) {
    return;
  }
  require_mapping(configuration[section], section);
  const json routers = configuration[section].value("routers", json::object());
  require_mapping(routers, section);
  for (const auto& [name, router] : routers.items()) {
    require_mapping(router, section);
    if (router.contains("rule") && router.contains("service")) {
      configuration[section]["routers"][name + "-tls"] = with_tls(router, host);
    }
  }
}

}  // namespace

std::optional<IngressRequest> read_ingress_request(const charm::Relation& relation,
                                                   std::string& reason) {
  try {
    return read(relation);
  } catch (const InvalidData& error) {
    reason = error.what();
    return std::nullopt;
  }
}

std::string ingress_url(const IngressRequest& request, const Edge& edge) {
  return edge.subdomain ? "http://" + request.prefix + "." + edge.host + "/"
                        : "http://" + edge.host + "/" + request.prefix;
}

json ingress_configuration(const IngressRequest& request, const Edge& edge) {
  const std::string name = "juju-" + request.prefix;
  json router = {
      {"entryPoints", {"web"}}, {"rule", rule(request, edge)}, {"service", name + "-service"}};
  json balancer = {{"servers", servers(request)}};
  if (!request.health_check.is_null()) {
    balancer["healthCheck"] = request.health_check;
  }
  json http = {{"services", {{name + "-service", {{"loadBalancer", balancer}}}}}};
  if (request.strip_prefix && !edge.subdomain) {
    const std::string middleware = "juju-sidecar-noprefix-" + request.prefix;
    router["middlewares"] = json::array({middleware});
    http["middlewares"][middleware]["stripPrefix"] = {{"forceSlash", false},
                                                      {"prefixes", {"/" + request.prefix}}};
  }
  http["routers"] = {{name + "-router", router}};
  return {{"http", http}};
}

RouteRequest read_route_request(const charm::Relation& relation, const std::string& host) {
  const charm::Databag& bag = relation.remote_app_data;
  RouteRequest request{.present = bag.count("config") != 0,
                       .dynamic_ = mapping(bag, "config"),
                       .static_ = mapping(bag, "static")};
  const auto raw = bag.find("raw");
  if (request.dynamic_.is_object() && (raw == bag.end() || raw->second != "True")) {
    add_tls_routers(request.dynamic_, "http", host);
    add_tls_routers(request.dynamic_, "tcp", host);
  }
  return request;
}

}  // namespace traefik
