// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <string>

namespace rehearsal::partner {

/// A program that forwards requests to servers with names, and reads names only when it starts.
struct ProxyProgram {
  std::string name;     ///< Of the Pebble service.
  std::string command;  ///< Reads `/run/proxy.conf` and writes its number to `/run/proxy.pid`.
  std::string reload;   ///< The signal that loads a changed configuration: `HUP`.
};

/// The configuration as the charm wrote it, with names.
constexpr const char* proxy_configuration_file = "/srv/proxy.conf";

/// Runs the program in the only container of a partner charm. In lines that begin with `server`,
/// addresses replace the names of pods. A changed configuration or address is loaded within a
/// second and keeps connections. A changed `generation` restarts the program and drops all
/// connections. Throws charm::pebble::ConnectionError while Pebble cannot be reached.
void run_proxy(const charm::pebble::Client& pebble, const ProxyProgram& program,
               const std::string& configuration, const std::string& generation = {});

}  // namespace rehearsal::partner
