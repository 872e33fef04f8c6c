// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/process_identity.hpp"

#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

namespace rehearsal::pods {
namespace {

struct Stat {
  char state = 0;
  unsigned long long started = 0;
};

/// The name, which may hold anything, ends with the last parenthesis; see proc(5).
std::optional<Stat> read_stat(pid_t pid) {
  constexpr int fields_between_state_and_start = 18;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(name_end + 1));
  Stat stat;
  fields >> stat.state;
  std::string skipped;
  for (int i = 0; i < fields_between_state_and_start; ++i) {
    fields >> skipped;
  }
  fields >> stat.started;
  return stat;
}

}  // namespace

ProcessIdentity identify(pid_t pid) {
  const std::optional<Stat> stat = read_stat(pid);
  return {.pid = pid, .started = stat ? stat->started : 0};
}

bool alive(const ProcessIdentity& process) {
  if (process.pid <= 0) {
    return false;
  }
  const std::optional<Stat> stat = read_stat(process.pid);
  return stat && stat->started == process.started && stat->state != 'Z' && stat->state != 'X';
}

void send_signal(const ProcessIdentity& process, int signal) {
  if (alive(process)) {
    kill(process.pid, signal);
  }
}

bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (alive(process)) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return true;
}

void end_process(const ProcessIdentity& process) {
  send_signal(process, SIGKILL);
  wait_for_end(process, std::chrono::seconds(10));
}

}  // namespace rehearsal::pods
