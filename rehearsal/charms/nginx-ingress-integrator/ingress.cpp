// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "ingress.hpp"

#include "rehearsal/charms/partner/ingress_data.hpp"
#include "rehearsal/charms/partner/partner.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace nginx_ingress {
namespace {

using nlohmann::json;
using rehearsal::partner::InvalidData;
using rehearsal::partner::json_value;

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

/// The original has a bug: it treats IPv6 addresses alone as a mixture.
std::vector<std::string> endpoints(const charm::Relation& relation) {
  std::vector<std::string> addresses;
  for (const auto& [unit, bag] : relation.remote_units) {
    const json ip = json_value(bag, "ip");
    if (ip.is_string()) {
      addresses.push_back(ip.get<std::string>());
    }
  }
  if (addresses.empty()) {
    throw Blocked("no endpoints with ip are provided in ingress relation");
  }
  if (!std::all_of(addresses.begin(), addresses.end(), is_ipv4)) {
    throw InvalidData("mixed or unknown IP types");
  }
  return addresses;
}

void check(const Options& options) {
  if (options.service_hostname.empty()) {
    throw Blocked(
        "service-hostname is not set for the ingress relation, configure it using `juju config`");
  }
  if (!options.additional_hostnames.empty()) {
    throw Blocked("Ingress relation does not support multiple hostnames.");
  }
  if (options.path_routes.size() > 1) {
    throw Blocked("Ingress relation does not support multiple pathroutes.");
  }
}

rehearsal::partner::IngressData read(const charm::Relation& relation) {
  if (relation.remote_app_data.empty()) {
    throw NothingPublished("waiting for relation");
  }
  try {
    return rehearsal::partner::read_ingress_data(relation);
  } catch (const InvalidData& error) {
    throw Blocked(std::string("failed to validate ingress requirer data: ") + error.what());
  }
}

/// Without stripping, the default target `/` replaces every path, as in the original.
void add_paths(const rehearsal::partner::IngressData& data, const Options& options,
               Ingress& ingress) {
  const bool strip = data.strip_prefix;
  const std::string prefix = "/" + data.model + "-" + data.name;
  const bool own_path = !options.path_routes.empty();
  const std::string path = own_path ? options.path_routes[0] : prefix;
  ingress.url = "http://" + options.service_hostname + path;
  ingress.path = strip && !own_path ? path + "(/|$)(.*)" : path;
  if (options.rewrite_enabled) {
    ingress.rewrite = strip ? "/$2" : options.rewrite_target;
  }
}

}  // namespace

Ingress make_ingress(const charm::Relation& relation, const Options& options) {
  check(options);
  const rehearsal::partner::IngressData data = read(relation);
  try {
    Ingress ingress{.host = options.service_hostname,
                    .endpoints = endpoints(relation),
                    .port = data.port,
                    .max_body_megabytes = options.max_body_megabytes};
    add_paths(data, options, ingress);
    return ingress;
  } catch (const InvalidData& error) {
    throw Blocked(std::string("invalid ingress relation data, ") + error.what());
  }
}

rehearsal::nginx::Configuration controller_configuration(const Ingress& ingress) {
  rehearsal::nginx::Upstream upstream{.name = "application", .servers = {}, .checked = true};
  for (const std::string& address : ingress.endpoints) {
    upstream.servers.push_back(address + ":" + std::to_string(ingress.port));
  }
  rehearsal::nginx::Location location{
      .match = ingress.path, .rewrite = {}, .upstream = upstream.name};
  if (!ingress.rewrite.empty()) {
    location.match = "~* \"^" + ingress.path + "\"";
    location.rewrite = "\"(?i)" + ingress.path + "\" " + ingress.rewrite;
  }
  return {.body_limit = std::to_string(ingress.max_body_megabytes) + "m",
          .http_upstreams = {upstream},
          .http_servers = {{.port = 80, .host = ingress.host, .locations = {location}}}};
}

}  // namespace nginx_ingress
