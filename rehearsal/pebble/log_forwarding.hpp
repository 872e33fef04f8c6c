// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/loki_push.hpp"
#include "rehearsal/pebble/state_lock.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace rehearsal::pebble {

/// Finds the ring of a service that was started at least once. Lock held.
using FindLog = std::function<const LogRing*(const std::string& service)>;

/// Sends the output of services to one log target, from a thread of its own. Batches of a second
/// or of 100 lines; what could not be sent waits for the next line, the oldest of more than 100
/// lines are lost.
class LogForwarder {
 public:
  LogForwarder(StateLock& lock, const LogTarget& target, FindLog find_log);
  /// Lock not held. Sends what is left, once.
  ~LogForwarder();
  LogForwarder(const LogForwarder&) = delete;
  LogForwarder& operator=(const LogForwarder&) = delete;

  /// Lock held. Takes over which services to forward and under which labels; `from_start` sends
  /// all that their rings hold once more, as Pebble does at each change of the plan.
  void plan_changed(const Plan& plan, const LogTarget& target, bool from_start);

  /// Lock held. Ends the thread; it still sends what is left.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  struct Source {
    TextMap labels;
    LogCursor cursor;
  };

  void run();
  bool has_input() const;
  void take_input(std::unique_lock<std::mutex>& held);
  void add(LogEntry entry);
  void flush(std::unique_lock<std::mutex>& held);
  PushResult push(const std::string& body);

  StateLock& lock_;
  /// These two stay as they were when the target was first seen, as with Pebble.
  const std::string name_;
  const std::string location_;
  FindLog find_log_;
  std::map<std::string, Source> sources_;
  std::optional<std::map<std::string, Source>> next_sources_;
  std::deque<LogEntry> pending_;
  int added_ = 0;
  std::optional<Clock::time_point> deadline_;
  bool stopping_ = false;
  std::unique_ptr<HttpClient> client_;
  std::thread thread_;
};

/// All log targets of the plan. Every function expects the lock to be held.
class LogForwarding {
 public:
  /// `resend` off leaves out the repetition of whole rings at each change of the plan.
  LogForwarding(StateLock& lock, FindLog find_log, bool resend)
      : lock_(lock), find_log_(std::move(find_log)), resend_(resend) {}

  void plan_changed(const Plan& plan);
  /// Lock not held. Sends what is left.
  void shut_down();

 private:
  StateLock& lock_;
  FindLog find_log_;
  bool resend_;
  std::map<std::string, std::unique_ptr<LogForwarder>> forwarders_;
};

}  // namespace rehearsal::pebble
