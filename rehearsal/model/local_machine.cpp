// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/local_machine.hpp"

#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/execution.hpp"

#include <utility>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

std::string relocated(const std::string& text, const fs::path& root) {
  static const std::string juju = "/var/lib/juju";
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = text.find(juju); at != std::string::npos; at = text.find(juju, from)) {
    result += text.substr(from, at - from) + root.string() + juju;
    from = at + juju.size();
  }
  return result + text.substr(from);
}

}  // namespace

LocalMachine::LocalMachine(fs::path directory) : directory_(std::move(directory)) {}

void LocalMachine::create_pod(const PodSpec& spec) {
  fs::create_directories(charm_root(spec.unit));
}

void LocalMachine::delete_pod(const std::string& unit, std::chrono::milliseconds /*grace*/) {
  fs::remove_all(charm_root(unit));
}

void LocalMachine::restart_container(const std::string& unit, const std::string& container) {
  throw MachineError(unit + " has no container " + container + " with REHEARSAL_MACHINE=local");
}

bool LocalMachine::pod_exists(const std::string& unit) const {
  return fs::exists(charm_root(unit));
}

bool LocalMachine::container_running(const std::string& unit,
                                     const std::string& /*container*/) const {
  return pod_exists(unit);
}

fs::path LocalMachine::charm_root(const std::string& unit) const {
  return directory_ / unit_tag(unit);
}

fs::path LocalMachine::container_root(const std::string& unit, const std::string& container) const {
  throw MachineError(unit + " has no container " + container + " with REHEARSAL_MACHINE=local");
}

fs::path LocalMachine::pebble_socket(const std::string& unit, const std::string& container) const {
  return charm_root(unit) / "charm/containers" / container / "pebble.socket";
}

ExecutionResult LocalMachine::execute(const std::string& unit, const Execution& execution) {
  const fs::path root = charm_root(unit);
  Execution local = execution;
  local.directory = relocated(execution.directory, root);
  local.argv[0] = relocated(execution.argv[0], root);
  for (auto& [name, value] : local.environment) {
    value = relocated(value, root);
  }
  return pods::run_here(local);
}

void LocalMachine::set_names(const std::map<std::string, std::vector<std::string>>& names) {
  names_ = names;
}

void LocalMachine::destroy() {
  fs::remove_all(directory_);
}

}  // namespace rehearsal
