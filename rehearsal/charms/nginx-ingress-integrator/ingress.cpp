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

/// The defaults of the controller. The first server answers requests for other hosts.
constexpr const char* head = R"(user www-data;
worker_processes 1;
daemon off;
pid /run/proxy.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path /srv/nginx-body;
  proxy_temp_path /srv/nginx-proxy;
  fastcgi_temp_path /srv/nginx-fastcgi;
  uwsgi_temp_path /srv/nginx-uwsgi;
  scgi_temp_path /srv/nginx-scgi;
  proxy_http_version 1.1;
  proxy_connect_timeout 5s;
  proxy_read_timeout 60s;
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries 3;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto $scheme;
  server {
    listen 80 default_server;
    server_name _;
    return 404;
  }
)";

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

std::string controller_configuration(const Ingress& ingress) {
  std::string text = head;
  if (ingress.endpoints.empty()) {
    return text + "}\n";
  }
  text += "  client_max_body_size " + std::to_string(ingress.max_body_megabytes) + "m;\n";
  text += "  upstream application {\n";
  for (const std::string& address : ingress.endpoints) {
    // Like the controller, nginx skips no server because an earlier request failed.
    text += "    server " + address + ":" + std::to_string(ingress.port) + " max_fails=0;\n";
  }
  text += "  }\n  server {\n    listen 80;\n    server_name " + ingress.host + ";\n";
  const bool rewrites = !ingress.rewrite.empty();
  const std::string match = rewrites ? "~* \"^" + ingress.path + "\"" : ingress.path;
  if (match != "/") {
    text += "    location / {\n      return 404;\n    }\n";
  }
  text += "    location " + match + " {\n";
  if (rewrites) {
    text += "      rewrite \"(?i)" + ingress.path + "\" " + ingress.rewrite + " break;\n";
  }
  return text + "      proxy_pass http://application;\n    }\n  }\n}\n";
}

}  // namespace nginx_ingress
