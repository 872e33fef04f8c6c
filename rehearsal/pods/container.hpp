// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/image.hpp"
#include "rehearsal/pods/processes.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pods {

/// Starts the node of all containers: the idle program `pause` with new namespaces. Without
/// `network`, a process whose network it shares, it has a new network. Throws MachineError.
[[nodiscard]] ProcessIdentity start_node(const std::filesystem::path& pause,
                                         std::optional<pid_t> network);

/// A container before its start.
struct ContainerStart {
  pid_t node = 0;                ///< The process whose PID namespace it shares.
  std::optional<pid_t> network;  ///< The process whose network it shares; absent: a new network.
  std::string hostname;
  FileSystem file_system;
  std::string directory = "/";    ///< Where the first process works.
  std::vector<std::string> argv;  ///< The first process; `argv[0]` is a path inside.
  std::vector<std::string> environment;
  std::filesystem::path log;  ///< The output of the first process is appended.
};

/// Starts the container's first process in new namespaces. Throws MachineError.
[[nodiscard]] ProcessIdentity start_container(const ContainerStart& start);

/// Returns the environment of a workload container's first process. What Juju sets goes over what
/// the image sets.
[[nodiscard]] std::vector<std::string> workload_environment(const std::optional<Image>& image,
                                                            const std::string& container);

/// Returns the first process of a workload container. As in Juju, each container's Pebble listens
/// on a different port.
[[nodiscard]] std::vector<std::string> pebble_command(std::size_t index, uid_t charm_user);

/// Returns Pebble's libraries by their path inside. Pebble comes with them, because the image may
/// have others or none.
[[nodiscard]] std::map<std::string, std::filesystem::path> pebble_files(
    const std::filesystem::path& pebble);

/// Returns the command with the loader that came with Pebble.
[[nodiscard]] std::vector<std::string> loaded(const std::filesystem::path& pebble,
                                              std::vector<std::string> command);

/// Writes the identities that pebble_command() gives to Pebble: the charm's user is its admin.
void write_identity(const std::filesystem::path& file, uid_t charm_user);

/// Sends a GET to a Pebble's API and returns the `result` of the answer. Returns null for an error,
/// and without an answer within two seconds. The socket's path may have any length.
[[nodiscard]] nlohmann::json ask_pebble(const std::filesystem::path& socket_path,
                                        const std::string& target);

/// Waits until Pebble is ready for the charm. Returns false if the process ends first, or at the
/// time limit.
[[nodiscard]] bool await_pebble(const std::filesystem::path& socket, uid_t charm_user,
                                const ProcessIdentity& process, std::chrono::milliseconds limit);

}  // namespace rehearsal::pods
