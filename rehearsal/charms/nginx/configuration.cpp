// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/nginx/configuration.hpp"

#include <algorithm>
#include <set>

namespace rehearsal::nginx {
namespace {

constexpr const char* head =
    "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n"
    "user www-data;\n"
    "worker_processes 1;\n"
    "daemon off;\n"
    "pid /run/nginx.pid;\n"
    "error_log stderr;\n"
    "events {}\n";

constexpr const char* http_head =
    "  access_log off;\n"
    "  client_body_temp_path /srv/nginx/body;\n"
    "  proxy_temp_path /srv/nginx/proxy;\n"
    "  fastcgi_temp_path /srv/nginx/fastcgi;\n"
    "  uwsgi_temp_path /srv/nginx/uwsgi;\n"
    "  scgi_temp_path /srv/nginx/scgi;\n"
    "  proxy_http_version 1.1;\n"
    "  proxy_read_timeout 300s;\n"
    "  proxy_set_header Connection \"\";\n"
    "  proxy_set_header Host $http_host;\n"
    "  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"
    "  proxy_set_header X-Forwarded-Host $http_host;\n"
    "  proxy_set_header X-Forwarded-Proto $scheme;\n";

/// nginx knows only the health check that a failing request is.
std::string upstream_text(const Upstream& upstream) {
  if (upstream.servers.empty()) {
    return {};
  }
  std::string text = "  upstream " + upstream.name + " {\n";
  for (const std::string& server : upstream.servers) {
    text += "    server " + server;
    text += upstream.checked ? " max_fails=1 fail_timeout=10s;\n" : " max_fails=0;\n";
  }
  return text + "  }\n";
}

const Upstream* find(const std::vector<Upstream>& upstreams, const std::string& name) {
  const auto found = std::find_if(
      upstreams.begin(), upstreams.end(),
      [&](const Upstream& upstream) { return upstream.name == name && !upstream.servers.empty(); });
  return found == upstreams.end() ? nullptr : &*found;
}

std::string location_text(const Location& location, const std::vector<Upstream>& upstreams) {
  std::string text = "    location " + location.match + " {\n";
  const Upstream* upstream = find(upstreams, location.upstream);
  if (upstream == nullptr) {
    return text + "      return 503;\n    }\n";
  }
  if (!location.rewrite.empty()) {
    text += "      rewrite " + location.rewrite + " break;\n";
  }
  if (!upstream->checked) {
    text += "      proxy_next_upstream off;\n";
  }
  return text + "      proxy_pass " + upstream->scheme + "://" + upstream->name + ";\n    }\n";
}

std::string http_server_text(const HttpServer& server, const std::vector<Upstream>& upstreams) {
  const bool any_host = server.host.empty();
  std::string text = "  server {\n    listen " + std::to_string(server.port) +
                     (any_host ? " default_server" : "") + ";\n    server_name " +
                     (any_host ? "_" : server.host) + ";\n";
  const auto is_root = [](const Location& location) { return location.match == "/"; };
  if (std::none_of(server.locations.begin(), server.locations.end(), is_root)) {
    text += "    location / {\n      return 404;\n    }\n";
  }
  for (const Location& location : server.locations) {
    text += location_text(location, upstreams);
  }
  return text + "  }\n";
}

/// A port whose servers all have a host must still refuse the others.
std::vector<HttpServer> with_defaults(std::vector<HttpServer> servers) {
  std::set<int> ports;
  std::set<int> covered;
  for (const HttpServer& server : servers) {
    ports.insert(server.port);
    if (server.host.empty()) {
      covered.insert(server.port);
    }
  }
  for (const int port : ports) {
    if (covered.count(port) == 0) {
      servers.push_back({.port = port, .host = {}, .locations = {}});
    }
  }
  return servers;
}

std::string tcp_server_text(const TcpServer& server) {
  std::string text = "  server {\n    listen " + std::to_string(server.port) + ";\n";
  for (const std::string& network : server.allowed) {
    text += "    allow " + network + ";\n";
  }
  text += server.allowed.empty() ? "" : "    deny all;\n";
  return text + "    proxy_next_upstream off;\n    proxy_pass " + server.upstream + ";\n  }\n";
}

}  // namespace

std::string configuration_text(const Configuration& configuration) {
  std::string text = head;
  text += "http {\n";
  text += http_head;
  text += "  client_max_body_size " + configuration.body_limit + ";\n";
  for (const Upstream& upstream : configuration.http_upstreams) {
    text += upstream_text(upstream);
  }
  for (const HttpServer& server : with_defaults(configuration.http_servers)) {
    text += http_server_text(server, configuration.http_upstreams);
  }
  text += "}\nstream {\n";
  for (const Upstream& upstream : configuration.tcp_upstreams) {
    text += upstream_text(upstream);
  }
  for (const TcpServer& server : configuration.tcp_servers) {
    if (find(configuration.tcp_upstreams, server.upstream) != nullptr) {
      text += tcp_server_text(server);
    }
  }
  return text + "}\n";
}

}  // namespace rehearsal::nginx
