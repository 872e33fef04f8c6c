// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "ingress_request.hpp"

#include <algorithm>
#include <stdexcept>

#include <arpa/inet.h>

namespace traefik {
namespace {

using nlohmann::json;

/// A value that the models refuse.
class Invalid : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

json value_of(const charm::Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  if (entry == bag.end()) {
    return nullptr;
  }
  json value = json::parse(entry->second, nullptr, false);
  if (value.is_discarded()) {
    throw Invalid(key + " is not JSON");
  }
  return value;
}

std::string text(const charm::Databag& bag, const std::string& key) {
  const json value = value_of(bag, key);
  if (!value.is_string()) {
    throw Invalid(key + " is not a text");
  }
  return value.get<std::string>();
}

bool flag(const charm::Databag& bag, const std::string& key) {
  const json value = value_of(bag, key);
  if (!value.is_null() && !value.is_boolean()) {
    throw Invalid(key + " is not true or false");
  }
  return value.is_boolean() && value.get<bool>();
}

/// 65535 is refused by the charm's model, off by one.
int port(const charm::Databag& bag) {
  const json value = value_of(bag, "port");
  if (!value.is_number_integer() || value < 1 || value > 65534) {
    throw Invalid("port is not a number from 1 to 65534");
  }
  return value.get<int>();
}

std::string scheme(const charm::Databag& bag) {
  const json value = value_of(bag, "scheme");
  if (value.is_null()) {
    return "http";
  }
  if (value != "http" && value != "https" && value != "h2c") {
    throw Invalid("scheme is not http, https or h2c");
  }
  return value.get<std::string>();
}

json health_check(const charm::Databag& bag) {
  json value = value_of(bag, "healthcheck_params");
  if (!value.is_null() && !(value.is_object() && value.contains("path"))) {
    throw Invalid("healthcheck_params has no path");
  }
  return value;
}

bool is_address(const std::string& candidate) {
  in6_addr address{};
  return inet_pton(AF_INET, candidate.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, candidate.c_str(), &address) == 1;
}

std::string host(const charm::Databag& bag) {
  const json ip = value_of(bag, "ip");
  if (!ip.is_null() && !(ip.is_string() && is_address(ip.get<std::string>()))) {
    throw Invalid("ip is not an address");
  }
  return text(bag, "host");
}

IngressRequest read(const charm::Relation& relation) {
  const charm::Databag& bag = relation.remote_app_data;
  IngressRequest request{.prefix = text(bag, "model") + "-" + text(bag, "name"),
                         .port = port(bag),
                         .scheme = scheme(bag),
                         .strip_prefix = flag(bag, "strip-prefix"),
                         .health_check = health_check(bag)};
  flag(bag, "redirect-https");
  std::replace(request.prefix.begin(), request.prefix.end(), '/', '-');
  for (const auto& [unit, data] : relation.remote_units) {
    request.hosts.push_back(host(data));
  }
  return request;
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

}  // namespace

std::optional<IngressRequest> read_ingress_request(const charm::Relation& relation,
                                                   std::string& reason) {
  try {
    return read(relation);
  } catch (const Invalid& error) {
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

}  // namespace traefik
