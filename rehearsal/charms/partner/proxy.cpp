// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/partner/proxy.hpp"

#include "rehearsal/charms/partner/partner.hpp"

namespace rehearsal::partner {
namespace {

constexpr const char* start_file = "/srv/start-proxy";

/// Ingress controllers resolve names for each connection, and accept names that do not exist yet.
/// So the script watches /etc/hosts. No program listens on port 1. A signal that arrives before the
/// program has written its number would end it.
constexpr const char* start_script = R"(#!/bin/sh
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
reload=$1
shift
resolve() {
  awk '
    FNR == NR { for (i = 2; i <= NF; i++) address[$i] = $1; next }
    $1 == "server" {
      for (i = 2; i <= NF; i++) if ($i ~ /:[0-9]+;?$/) {
        name = $i; sub(/:[0-9]+;?$/, "", name)
        port = substr($i, length(name) + 1)
        if (name in address) $i = address[name] port
        else if (name !~ /^([0-9.]+|\[.*\])$/) $i = "127.0.0.1:1" (port ~ /;$/ ? ";" : "")
      }
    }
    { print }' /etc/hosts /srv/proxy.conf > /run/proxy.conf
}

end() {
  kill -TERM "$server"
  wait "$server"
  exit
}

inputs() { cat /etc/hosts /srv/proxy.conf | cksum; }

trap end TERM INT
rm -f /run/proxy.pid
loaded=$(inputs)
resolve
"$@" &
server=$!
while kill -0 "$server" 2> /dev/null; do
  sleep 0.5 &
  wait $!
  present=$(inputs)
  if [ "$present" != "$loaded" ] && [ -s /run/proxy.pid ]; then
    loaded=$present
    resolve
    kill -"$reload" "$server"
  fi
done
wait "$server"
)";

}  // namespace

void run_proxy(const charm::pebble::Client& pebble, const ProxyProgram& program,
               const std::string& configuration, const std::string& generation) {
  (void)write_changed(pebble, {{.path = proxy_configuration_file, .content = configuration},
                               {.path = start_file, .content = start_script}});
  charm::Layer layer;
  layer.services[program.name] = {.summary = program.name,
                                  .command = "/bin/sh " + std::string(start_file) + " " +
                                             program.reload + " " + program.command,
                                  .environment = {{"GENERATION", generation}},
                                  .backoff_limit = "3s"};
  run_services(pebble, program.name, layer);
}

}  // namespace rehearsal::partner
