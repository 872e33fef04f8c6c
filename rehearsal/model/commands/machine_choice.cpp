// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/session.hpp"
#include "rehearsal/model/local_machine.hpp"
#include "rehearsal/pods/cluster.hpp"

#include <cstdlib>
#include <string_view>

namespace rehearsal::commands {

std::unique_ptr<Machine> make_machine(const std::filesystem::path& directory,
                                      const std::string& model) {
  const char* kind = std::getenv("REHEARSAL_MACHINE");
  if (kind != nullptr && std::string_view(kind) == "local") {
    return std::make_unique<LocalMachine>(directory);
  }
  return std::make_unique<Cluster>(directory, model, find_programs(program_directory()));
}

}  // namespace rehearsal::commands
