// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/agent.hpp"
#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/command_options.hpp"
#include "rehearsal/pebble/http_server.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <time.h>

namespace {

using rehearsal::pebble::Agent;
using rehearsal::pebble::note;

constexpr timespec look_around{0, 100'000'000};

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGCHLD}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

/// Takes in children until the agent has ended. The end runs on a thread of its own: stopping
/// services needs their exits to be seen.
void run_until_ended(Agent& agent, rehearsal::pebble::HttpServer& server) {
  const sigset_t signals = handled_signals();
  std::atomic<bool> ended = false;
  std::optional<std::thread> ending;
  while (!ended) {
    const int signal = sigtimedwait(&signals, nullptr, &look_around);
    agent.processes.reap();
    const bool asked = signal > 0 && signal != SIGCHLD;
    if ((asked || agent.shutdown_requested) && !ending) {
      note(asked ? "Exiting on signal " + std::to_string(signal) + "." : "Server exiting!");
      ending.emplace([&] {
        agent.shut_down();
        server.stop();
        ended = true;
      });
    }
  }
  ending->join();
}

int run(const rehearsal::pebble::CommandOptions& options) {
  if (options.agent.create_dirs) {
    std::filesystem::create_directories(options.agent.folder);
  }
  Agent agent(options.agent);
  rehearsal::pebble::HttpServer server([&agent](const auto& request, const auto& client) {
    return rehearsal::pebble::answer(agent, request, client);
  });
  server.listen_on(options.socket);
  if (!options.agent.http_address.empty()) {
    server.listen_on_tcp(options.agent.http_address);
  }
  note("Started daemon.");
  if (!options.agent.hold) {
    agent.autostart();
  }
  run_until_ended(agent, server);
  std::filesystem::remove(options.socket);
  return agent.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  // Before any thread is made, so that none of them takes a signal.
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  try {
    return run(rehearsal::pebble::parse_command_line({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << "cannot run daemon: " << error.what() << "\n";
    return 1;
  }
}
