// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/processes.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <thread>

namespace rehearsal::pebble {

/// The machine on which the agent runs.
class LocalMachine final : public Machine {
 public:
  /// `verbose`: print the output of services.
  explicit LocalMachine(bool verbose);
  ~LocalMachine() override;
  LocalMachine(const LocalMachine&) = delete;
  LocalMachine& operator=(const LocalMachine&) = delete;

  pid_t start(const Command& command, Duration output_delay, ProcessEvents events) override;
  void send_signal(pid_t process, int signal) override;
  void send_signal_to_group(pid_t process, int signal) override;
  void after(Timer why, Duration delay, std::function<void()> action) override;
  void watch(const std::shared_ptr<Watch>& watch) override;
  bool wait(std::optional<Duration> limit, const std::function<bool()>& condition) override;
  void wake() override;
  void note(const std::string& message) override;
  void print(const LogEntry& entry) override;

  /// Collects all children that have ended. Call it without the lock.
  void reap() { processes_.reap(); }

 private:
  using Clock = std::chrono::steady_clock;

  void run_timers();
  void run_watch(const std::shared_ptr<Watch>& watch);

  bool verbose_;
  std::condition_variable_any changed_;
  std::multimap<Clock::time_point, std::function<void()>> timers_;
  bool stopping_ = false;
  int watches_ = 0;
  Processes processes_;
  std::thread timer_thread_;
};

}  // namespace rehearsal::pebble
