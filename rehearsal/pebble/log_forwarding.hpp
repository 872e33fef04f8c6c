// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/api.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace rehearsal::pebble {

/// Sends the output of services to one log target from a separate thread, in batches of a second or
/// of 100 lines. Lines that could not be sent wait for the next line. If there are more than 100,
/// the oldest are lost.
class LogForwarder {
 public:
  /// Needs the lock. The location stays as it was when the target was first seen, as in Pebble.
  LogForwarder(Agent& agent, std::string location);
  /// Call it without the lock. Sends the remaining lines once.
  ~LogForwarder();
  LogForwarder(const LogForwarder&) = delete;
  LogForwarder& operator=(const LogForwarder&) = delete;

  /// Needs the lock. Updates the forwarded services and their labels. Sends all lines in their
  /// rings again, as Pebble does at each change of the plan.
  void plan_changed(const Entries& services, const Entries& target);

 private:
  using Clock = std::chrono::steady_clock;

  struct Source {
    TextMap labels;
    LogCursor cursor;
  };

  void run();
  [[nodiscard]] bool has_input() const;
  void take_input(std::unique_lock<std::mutex>& held);
  void flush(std::unique_lock<std::mutex>& held);
  [[nodiscard]] std::string body() const;
  /// Returns whether the lines can be dropped.
  bool push(const std::string& body);

  Agent& agent_;
  const std::string location_;
  std::map<std::string, Source> sources_;
  std::optional<std::map<std::string, Source>> next_sources_;
  std::deque<LogEntry> pending_;
  int added_ = 0;
  std::optional<Clock::time_point> deadline_;
  bool stopping_ = false;
  std::thread thread_;
};

/// All log targets of an agent's plan.
class LogForwarding {
 public:
  explicit LogForwarding(Agent& agent);

  /// Call it without the lock. Sends the remaining lines.
  void stop() { forwarders_.clear(); }

 private:
  std::map<std::string, std::unique_ptr<LogForwarder>> forwarders_;
};

}  // namespace rehearsal::pebble
