// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/nginx/server.hpp"

#include "charm/pebble/transport.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rehearsal::nginx {
namespace {

constexpr const char* configuration_file = "/srv/nginx/nginx.conf";
constexpr const char* start_file = "/srv/nginx/start.sh";
constexpr const char* service_name = "nginx";

/// nginx asks for names once, and refuses a configuration with an unknown one; the proxies that it
/// stands for ask at each connection. So names become addresses before nginx sees them, and again
/// whenever /etc/hosts changes. Nothing listens on port 1.
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

trap end TERM INT
trap 'loaded=' HUP
loaded=$(cksum < /etc/hosts)
resolve
nginx -c /run/nginx.conf &
server=$!
while kill -0 "$server" 2> /dev/null; do
  sleep 1 &
  wait $!
  hosts=$(cksum < /etc/hosts)
  if [ "$hosts" != "$loaded" ]; then
    loaded=$hosts
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

void Server::run(const std::string& configuration, const std::string& generation) const {
  const std::vector<charm::File> files = {{.path = configuration_file, .content = configuration},
                                          {.path = start_file, .content = start_script}};
  const auto existing = pebble_->read({configuration_file, start_file});
  const bool changed = std::any_of(files.begin(), files.end(), [&](const charm::File& file) {
    const auto found = existing.find(file.path);
    return found == existing.end() || found->second != file.content;
  });
  if (changed) {
    pebble_->write(files);
  }
  pebble_->add_layer(service_name, layer(generation));
  pebble_->replan();
  if (changed) {
    reload();
  }
}

/// The charm's Pebble client knows no signals: it needs none.
void Server::reload() const {
  charm::pebble::UnixSocketTransport transport("/charm/containers/" + container_ +
                                               "/pebble.socket");
  const nlohmann::json body = {{"signal", "SIGHUP"}, {"services", {service_name}}};
  const auto response = transport.send({.method = "POST",
                                        .target = "/v1/signals",
                                        .body = body.dump(),
                                        .content_type = "application/json"},
                                       std::chrono::seconds(10));
  if (response.status != 200) {
    throw charm::Error("Pebble refused to signal nginx: " + response.body);
  }
}

}  // namespace rehearsal::nginx
