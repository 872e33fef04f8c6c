// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/pods/cluster.hpp"

#include <cstdint>
#include <iostream>

namespace rehearsal::commands {
namespace {

Cluster& cluster_of(Session& session) {
  auto* cluster = dynamic_cast<Cluster*>(&session.machine());
  if (cluster == nullptr) {
    throw MachineError("this needs the rehearsal's own pods, not REHEARSAL_MACHINE=local");
  }
  return *cluster;
}

int execute(const SessionOptions& options, const Arguments& arguments) {
  const std::string unit = required(arguments, 0, "unit");
  static_cast<void>(required(arguments, 1, "command"));
  Session session(options);
  static_cast<void>(session.model().unit(unit));
  const Execution execution{
      .argv = {arguments.words().begin() + 1, arguments.words().end()},
      .environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                      {"HOME", "/root"},
                      {"LANG", "C.UTF-8"}},
      .directory = "/",
      .on_line = [](bool is_stderr, const std::string& line) {
        (is_stderr ? std::cerr : std::cout) << line << "\n";
      }};
  const std::string container = arguments.value("container").value_or("charm");
  if (container == "charm") {
    return session.machine().execute(unit, execution).exit_code;
  }
  return cluster_of(session).execute_in(unit, container, execution).exit_code;
}

std::uint16_t port_of(const std::string& text) {
  const int port = whole_number(text, 0);
  if (port > 65535) {
    throw tools::usage_error("no port: " + text);
  }
  return static_cast<std::uint16_t>(port);
}

int port_forward(const SessionOptions& options, const Arguments& arguments) {
  const std::string unit = required(arguments, 0, "unit");
  const std::string ports = required(arguments, 1, "port");
  const std::size_t colon = ports.find(':');
  const std::uint16_t local = port_of(ports.substr(0, colon));
  const std::uint16_t remote =
      colon == std::string::npos ? local : port_of(ports.substr(colon + 1));
  // The model is not kept locked while connections are relayed.
  Cluster cluster(models_directory() / options.model / "machine", options.model,
                  find_programs(program_directory()));
  if (!cluster.pod_exists(unit)) {
    throw UserError("unit \"" + unit + "\" not found");
  }
  const bool detach = arguments.has("detach");
  if (!detach) {
    std::cerr << "Forwarding from 127.0.0.1:" << local << " -> " << remote << std::endl;
  }
  const std::uint16_t port = cluster.port_forward(unit, local, remote, detach);
  if (detach) {
    std::cout << port << "\n";
  }
  return 0;
}

}  // namespace

std::vector<Command> execution_commands() {
  return {
      {.name = "exec",
       .usage = "UNIT [--container CONTAINER] -- COMMAND [ARGUMENT...]",
       .summary = "Runs a command in a unit's charm or workload container.",
       .details = "As kubectl exec, without a terminal. In the charm container it runs as the "
                  "charm's user.",
       .flags = {{.name = "container", .short_name = "c"}},
       .run = execute},
      {.name = "port-forward",
       .usage = "UNIT LOCAL[:REMOTE] [--detach]",
       .summary = "Makes a port of a unit reachable at 127.0.0.1.",
       .details = "LOCAL may be 0 with --detach: a free port is taken and printed. It then runs "
                  "until the model is\ndestroyed.",
       .flags = {{.name = "detach", .short_name = "d", .takes_value = false}},
       .run = port_forward},
  };
}

}  // namespace rehearsal::commands
