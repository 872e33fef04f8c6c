// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "route_request.hpp"

#include "charm/domain/error.hpp"
#include "rehearsal/model/yaml_json.hpp"

namespace traefik {
namespace {

using nlohmann::json;

/// Null for anything but a mapping.
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

/// The charm takes each level for a mapping and fails on null.
void require_mapping(const json& value, const std::string& section) {
  if (!value.is_object()) {
    throw charm::Error("something in " + section + " of the configuration is not a mapping");
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
