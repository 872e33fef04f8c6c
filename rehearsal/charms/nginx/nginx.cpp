// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/nginx/nginx.hpp"

#include "rehearsal/charms/partner/partner.hpp"

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

/// nginx has only one health check: a request that fails.
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

/// A port whose servers all have a host must still reject other hosts.
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

constexpr const char* configuration_file = "/srv/nginx/nginx.conf";
constexpr const char* start_file = "/srv/nginx/start.sh";
constexpr const char* service_name = "nginx";

/// nginx resolves names once, and rejects a configuration with an unknown name. The proxies that it
/// replaces resolve names for each connection. This script therefore replaces names with addresses
/// before nginx reads them, and again when /etc/hosts or the configuration changes. No program
/// listens on port 1. A signal that arrives before nginx has written its number would end it.
constexpr const char* start_script = R"(#!/bin/sh
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
resolve() {
  awk '
    FNR == NR { for (i = 2; i <= NF; i++) address[$i] = $1; next }
    $1 == "server" && $2 ~ /:[0-9]+$/ {
      name = $2; sub(/:[0-9]+$/, "", name)
      if (name in address) $2 = address[name] substr($2, length(name) + 1)
      else if (name !~ /^([0-9.]+|\[.*\])$/) $2 = "127.0.0.1:1"
    }
    { print }' /etc/hosts /srv/nginx/nginx.conf > /run/nginx.conf
}

end() {
  kill -TERM "$server"
  wait "$server"
  exit
}

inputs() { cat /etc/hosts /srv/nginx/nginx.conf | cksum; }

trap end TERM INT
rm -f /run/nginx.pid
loaded=$(inputs)
resolve
nginx -c /run/nginx.conf &
server=$!
while kill -0 "$server" 2> /dev/null; do
  sleep 0.5 &
  wait $!
  present=$(inputs)
  if [ "$present" != "$loaded" ] && [ -s /run/nginx.pid ]; then
    loaded=$present
    resolve
    kill -HUP "$server"
  fi
done
wait "$server"
)";

charm::Layer layer(const std::string& generation) {
  charm::Layer layer;
  layer.services[service_name] = {.summary = "nginx",
                                  .command = std::string("/bin/sh ") + start_file,
                                  .environment = {{"GENERATION", generation}},
                                  .backoff_limit = "3s"};
  return layer;
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

void run_nginx(const charm::pebble::Client& pebble, const std::string& configuration,
               const std::string& generation) {
  (void)partner::write_changed(pebble, {{.path = configuration_file, .content = configuration},
                                        {.path = start_file, .content = start_script}});
  partner::run_services(pebble, service_name, layer(generation));
}

}  // namespace rehearsal::nginx
