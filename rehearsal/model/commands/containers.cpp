// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Commands that enter a unit's containers: exec and port-forward, and Juju's ssh and scp on
// Kubernetes.

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/cluster.hpp"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

namespace rehearsal::commands {
namespace {

namespace fs = std::filesystem;

const std::string charm_container = "charm";
/// Where commands of the charm container start.
const std::string juju_directory = "/var/lib/juju";

struct Container {
  std::string unit;
  std::string name;
};

/// Returns the container of the unit `target` that --container names.
Container container_meant(const Model& model, const std::string& target,
                          const Arguments& arguments) {
  const std::string unit = unit_meant(model, target);
  const std::string name = arguments.value("container").value_or(charm_container);
  const auto& containers = model.application(app_of(unit)).charm.containers;
  if (name != charm_container && containers.count(name) == 0) {
    std::string names = charm_container;
    for (const auto& [other, details] : containers) {
      names += ", " + other;
    }
    throw UserError("container \"" + name + "\" must be one of " + names);
  }
  return {.unit = unit, .name = name};
}

Cluster& cluster_of(Session& session) {
  auto* cluster = dynamic_cast<Cluster*>(&session.machine());
  if (cluster == nullptr) {
    throw MachineError("REHEARSAL_MACHINE=local has no pods: unset it for this command");
  }
  return *cluster;
}

/// Standard input, unless it is a terminal, which a pod cannot read.
std::optional<int> passed_input() {
  return isatty(STDIN_FILENO) != 0 ? std::nullopt : std::optional(STDIN_FILENO);
}

/// Runs a command with our standard streams. Returns its exit code.
int run_in(Session& session, const Container& container, const std::vector<std::string>& command) {
  const bool in_charm = container.name == charm_container;
  Execution execution{
      .argv = command,
      .environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                      {"HOME", "/root"},
                      {"LANG", "C.UTF-8"}},
      .directory = in_charm ? juju_directory : "/",
      .input = passed_input(),
      .output = STDOUT_FILENO,
      .error = STDERR_FILENO,
      .on_line = {}};
  if (in_charm) {
    return session.machine().execute(container.unit, execution).exit_code;
  }
  execution.environment["JUJU_CONTAINER_NAME"] = container.name;
  execution.environment["PEBBLE_SOCKET"] = "/charm/container/pebble.socket";
  return cluster_of(session).execute_in(container.unit, container.name, execution).exit_code;
}

int execute(const SessionOptions& options, const Arguments& arguments) {
  const bool names_targets = arguments.value("unit") || arguments.value("application") ||
                             arguments.value("machine") || arguments.has("all");
  if (options.as_juju || names_targets) {
    return exec_in_hook_context(options, arguments);
  }
  const std::string unit = required(arguments, 0, "unit");
  static_cast<void>(required(arguments, 1, "command"));
  Session session(options);
  const Container container = container_meant(session.model(), unit, arguments);
  const std::vector<std::string> command(arguments.words().begin() + 1, arguments.words().end());
  if (container.name != charm_container) {
    return run_in(session, container, command);
  }
  const int code = session.controller()
                       .execute(container.unit, {.argv = command,
                                                 .environment = {{"HOME", "/root"}},
                                                 .directory = {},
                                                 .input = passed_input(),
                                                 .output = STDOUT_FILENO,
                                                 .error = STDERR_FILENO,
                                                 .on_line = {}})
                       .exit_code;
  session.settle();
  return code;
}

/// As in Juju and ssh, the words are joined, and a shell in the container reads them.
int ssh(const SessionOptions& options, const Arguments& arguments) {
  const std::string target = required(arguments, 0, "target name");
  std::string command;
  for (std::size_t index = 1; index < arguments.words().size(); ++index) {
    command += (index > 1 ? " " : "") + arguments.words()[index];
  }
  if (command.empty() && !passed_input()) {
    throw UserError("the rehearsal has no interactive shell: give a command");
  }
  Session session(options);
  const Container container = container_meant(session.model(), target, arguments);
  const int code = run_in(session, container, {"sh", "-c", command.empty() ? "exec sh" : command});
  if (code != 0) {
    std::cerr << "ERROR command terminated with exit code " << code << std::endl;
  }
  return code;
}

/// A source or destination of scp: a path of this machine or of a container.
struct Place {
  std::optional<Container> container;
  std::string path;
};

Place place_meant(const Model& model, const std::string& text, const Arguments& arguments) {
  const std::size_t colon = text.find(':');
  if (colon == 0) {
    throw UserError("target must match format: [pod[/container]:]path");
  }
  Place place{.container = {}, .path = colon == std::string::npos ? text : text.substr(colon + 1)};
  if (place.path.empty()) {
    throw UserError("path was missing");
  }
  if (colon != std::string::npos) {
    place.container = container_meant(model, text.substr(0, colon), arguments);
  }
  while (place.path.size() > 1 && place.path.ends_with('/')) {
    place.path.pop_back();
  }
  return place;
}

/// Returns the path on this machine.
fs::path outside(Session& session, const Place& place) {
  if (!place.container) {
    return place.path;
  }
  const auto& [unit, name] = *place.container;
  if (name != charm_container) {
    return session.machine().container_root(unit, name) / fs::path(place.path).relative_path();
  }
  const fs::path path = fs::path(juju_directory) / place.path;
  return session.machine().charm_root(unit) / path.relative_path();
}

/// Copies files and folders, but no links. The content of a folder goes into the folder of the new
/// name.
void copy_tree(const fs::path& source, const fs::path& destination, bool keep_owner) {
  const fs::file_status status = fs::symlink_status(source);
  if (fs::is_directory(status)) {
    fs::create_directories(destination);
    for (const fs::directory_entry& entry : fs::directory_iterator(source)) {
      copy_tree(entry.path(), destination / entry.path().filename(), keep_owner);
    }
  } else if (fs::is_regular_file(status)) {
    fs::copy_file(source, destination, fs::copy_options::overwrite_existing);
  }

  struct stat owner {};

  if (keep_owner && fs::exists(destination) && stat(source.c_str(), &owner) == 0 &&
      chown(destination.c_str(), owner.st_uid, owner.st_gid) != 0) {
    throw UserError("cannot change the owner of " + destination.string());
  }
}

/// Juju itself unpacks an archive: a file gets exactly the given name.
void copy_out(Session& session, const Place& source, const Place& destination) {
  const fs::path from = outside(session, source);
  const fs::path to = destination.path;
  if (!fs::exists(from)) {
    throw UserError("make tar \"" + source.path + "\" failed: no such file or directory");
  }
  if (fs::is_regular_file(from) && fs::is_directory(to)) {
    throw UserError("open " + to.string() + ": is a directory");
  }
  if (to.has_parent_path()) {
    fs::create_directories(to.parent_path());
  }
  copy_tree(from, to, false);
}

/// tar unpacks an archive in the container: into an existing folder of that name, if there is one.
void copy_in(Session& session, const Place& source, const Place& destination) {
  const fs::path from = source.path;
  fs::path to = outside(session, destination);
  if (!fs::exists(from)) {
    throw UserError("\"" + source.path + "\" does not exist on local");
  }
  if (fs::is_directory(to)) {
    to /= from.filename();
  }
  if (!fs::is_directory(to.parent_path())) {
    throw UserError("tar: " + fs::path(destination.path).parent_path().string() +
                    ": Cannot open: No such file or directory");
  }
  copy_tree(from, to, true);
}

int scp(const SessionOptions& options, const Arguments& arguments) {
  const auto& words = arguments.words();
  if (words.size() < 2) {
    throw UserError("at least two arguments required");
  }
  if (words.size() > 2) {
    throw UserError("only one source and one destination are allowed for a k8s application");
  }
  Session session(options);
  const Place source = place_meant(session.model(), words[0], arguments);
  const Place destination = place_meant(session.model(), words[1], arguments);
  if (source.container && destination.container) {
    throw UserError("cross pods copy is not supported");
  }
  if (!source.container && !destination.container) {
    throw UserError("copy either from pod to host or from host to pod");
  }
  (source.container ? copy_out : copy_in)(session, source, destination);
  return 0;
}

std::uint16_t port_of(const std::string& text) {
  const int port = whole_number(text, 0);
  if (port > 65535) {
    throw tools::usage_error("invalid port \"" + text + "\"");
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
  // The model is not locked while connections are relayed.
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
       .usage = "UNIT [--container CONTAINER] -- COMMAND [ARGUMENT...] | --unit UNIT,... COMMAND",
       .summary = "Runs a command in a unit's charm or workload container.",
       .details = "The first form runs a program as kubectl exec does: with standard input and "
                  "without a terminal.\nThe second form is Juju's: a shell runs the command, and "
                  "--format json shows the result.\nThe name juju has only the second form. In "
                  "the charm container, both forms run as the charm's\nuser in the context of a "
                  "hook, so hook tools work.",
       .flags = {{.name = "container", .short_name = "c"},
                 {.name = "unit", .short_name = "u"},
                 {.name = "application", .short_name = "a"},
                 {.name = "machine"},
                 {.name = "wait"},
                 {.name = "format"},
                 plain_flag("all"),
                 plain_flag("operator")},
       .run = execute},
      {.name = "ssh",
       .usage = "[--container CONTAINER] UNIT|APPLICATION/leader COMMAND [ARGUMENT...]",
       .summary = "Runs a shell command in a unit's charm or workload container.",
       .details = "Options end at the target. A shell in the container reads the words, joined by "
                  "spaces, so quote\nfor both shells. The command reads standard input. There is "
                  "no interactive shell.",
       .flags = {{.name = "container"}, plain_flag("no-host-key-checks")},
       .run = ssh,
       .flags_first = true},
      {.name = "scp",
       .usage = "[--container CONTAINER] SOURCE DESTINATION",
       .summary = "Copies a file or a folder to or from a container: UNIT:PATH.",
       .details = "As on Kubernetes, give one source and one destination, one of them in a "
                  "container, and no\noptions for scp. On this machine, DESTINATION is the name of "
                  "the new file, never a folder for it.",
       .flags = {{.name = "container"}, plain_flag("no-host-key-checks")},
       .run = scp},
      {.name = "port-forward",
       .usage = "UNIT LOCAL[:REMOTE] [--detach]",
       .summary = "Makes a port of a unit reachable at 127.0.0.1.",
       .details = "With --detach, the port stays open until the model is destroyed. If LOCAL is 0, "
                  "the command\nchooses a free port and prints it.",
       .flags = {{.name = "detach", .short_name = "d", .takes_value = false}},
       .run = port_forward,
       .is_own = true},
  };
}

}  // namespace rehearsal::commands
