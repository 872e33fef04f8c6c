// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/process_identity.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pods {

/// A container about to start.
struct ContainerStart {
  pid_t node = 0;                ///< Whose PID namespace it lives in.
  std::optional<pid_t> network;  ///< Whose network it shares; without one it gets its own.
  std::string hostname;
  FileSystem file_system;
  std::vector<std::string> argv;  ///< The first process; `argv[0]` is a path inside.
  std::vector<std::string> environment;
  std::filesystem::path log;  ///< Appended with what the first process prints.
};

/// Starts the node of a model: a process that does nothing, with namespaces of its own.
[[nodiscard]] ProcessIdentity start_node(const std::filesystem::path& pause);

/// Starts the container's first process in namespaces of its own. Throws MachineError.
[[nodiscard]] ProcessIdentity start_container(const ContainerStart& start);

/// When Pebble is ready for the charm.
struct PebbleReadiness {
  std::filesystem::path socket;
  std::string target;    ///< Asked with GET.
  std::string expected;  ///< What the answer must hold.
};

/// Waits until Pebble answers on its socket as expected. Throws MachineError with the end of `log`
/// when the process ends before, or after the limit.
void await_pebble(const PebbleReadiness& readiness, const ProcessIdentity& process,
                  const std::filesystem::path& log, std::chrono::milliseconds limit);

}  // namespace rehearsal::pods
