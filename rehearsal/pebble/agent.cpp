// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/agent.hpp"

#include "rehearsal/pebble/agent_log.hpp"

#include <fstream>

#include <unistd.h>

namespace rehearsal::pebble {
namespace {

/// How long a wait lasts before it is looked whether anybody still waits.
constexpr std::chrono::milliseconds wait_slice{200};

/// The kernel's boot id; as PID 1 of a container, one of its own.
std::string read_boot_id() {
  std::ifstream file(getpid() == 1 ? "/proc/sys/kernel/random/uuid"
                                   : "/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

ServiceHost host_of(Agent& agent, bool verbose) {
  return {agent.timers, agent.processes, agent.changes,
          [&agent](Shutdown how) {
            if (!agent.shutdown_requested) {
              agent.exit_code = static_cast<int>(how);
              agent.shutdown_requested = true;
            }
          },
          verbose};
}

}  // namespace

Agent::Agent(const AgentOptions& options)
    : http_address(options.http_address),
      boot_id(read_boot_id()),
      notices(lock),
      changes(lock, notices),
      services(host_of(*this, options.verbose), plans),
      checks(lock, changes, processes, plans,
             [this](const std::string& check) { services.check_failed(check); }),
      forwarding(
          lock, [this](const std::string& service) { return services.log(service); },
          options.resend_logs),
      timers(lock),
      processes(lock, timers) {
  if (!options.identities.empty()) {
    identities.load(options.identities);
  }
  const auto held = lock.hold();
  plans.on_change([this](const Plan& plan) { checks.plan_changed(plan); });
  plans.on_change([this](const Plan& plan) { forwarding.plan_changed(plan); });
  plans.load(options.folder / "layers");
}

Agent::~Agent() {
  shut_down();
}

bool Agent::wait_until(std::unique_lock<std::mutex>& held, const HttpStream& client,
                       std::optional<std::chrono::steady_clock::time_point> deadline,
                       const std::function<bool()>& condition) {
  while (!condition() && !client.is_closed()) {
    const auto slice = std::chrono::steady_clock::now() + wait_slice;
    if (deadline && *deadline <= slice) {
      return lock.changed.wait_until(held, *deadline, condition);
    }
    lock.changed.wait_until(held, slice, condition);
  }
  return condition();
}

void Agent::autostart() {
  const auto held = lock.hold();
  const std::vector<std::string> names = services.enabled();
  if (names.empty()) {
    note("Cannot start default services: no default services");
    return;
  }
  services.act("autostart", names);
}

void Agent::shut_down() {
  {
    auto held = lock.hold();
    const Change* change = services.stop_all();
    if (change != nullptr) {
      lock.changed.wait_for(held, services.stop_timeout(),
                            [change] { return change->ready_time.has_value(); });
    }
  }
  checks.shut_down();
  forwarding.shut_down();
}

}  // namespace rehearsal::pebble
