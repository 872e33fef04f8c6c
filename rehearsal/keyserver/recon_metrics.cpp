// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_metrics.hpp"

#include <ctime>
#include <vector>

namespace rehearsal::keyserver {
namespace {

constexpr const char* prefix = "conflux_reconciliation_";

std::vector<double> duration_bounds() {
  return {.001, .01, .1, 1, 10, 100, 1000};
}

std::string header(const std::string& name, const std::string& type, const std::string& help) {
  return "# HELP " + (prefix + name) + " " + help + "\n# TYPE " + (prefix + name) + " " + type +
         "\n";
}

std::string label(const std::string& name, const std::string& value) {
  return name + "=\"" + escaped_label(value) + "\"";
}

std::string counters(const std::string& name, const std::string& help,
                     const std::map<std::string, std::uint64_t>& counts) {
  std::string text = counts.empty() ? "" : header(name, "counter", help);
  for (const auto& [peer, count] : counts) {
    text += prefix + name + "{" + label("peer", peer) + "} " + std::to_string(count) + "\n";
  }
  return text;
}

}  // namespace

void ReconMetrics::note_event(const std::string& event, const std::string& peer,
                              const std::string& role) {
  event_times_[{event, peer, role}] = std::time(nullptr);
}

void ReconMetrics::observe(const std::string& peer, const std::string& result, double seconds) {
  durations_.try_emplace({peer, result}, duration_bounds()).first->second.observe(seconds);
}

void ReconMetrics::note_start(const std::string& peer, const std::string& role) {
  const std::lock_guard lock(mutex_);
  note_event("initiate", peer, role);
}

void ReconMetrics::note_success(const std::string& peer, const std::string& role, double seconds) {
  const std::lock_guard lock(mutex_);
  note_event("success", peer, role);
  observe(peer, "success", seconds);
  ++successes_[peer];
}

void ReconMetrics::note_failure(const std::string& peer, const std::string& role, double seconds) {
  const std::lock_guard lock(mutex_);
  note_event("failure", peer, role);
  observe(peer, "failure", seconds);
  ++failures_[peer];
}

void ReconMetrics::count_recovered(const std::string& peer, std::size_t keys) {
  const std::lock_guard lock(mutex_);
  recovered_[peer] += keys;
}

std::string ReconMetrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (!durations_.empty()) {
    text += header("duration_seconds", "histogram", "Time spent performing a reconciliation");
  }
  for (const auto& [key, histogram] : durations_) {
    text += histogram.text(std::string(prefix) + "duration_seconds",
                           label("peer", key.first) + "," + label("result", key.second));
  }
  if (!event_times_.empty()) {
    text += header("event_time_seconds", "gauge",
                   "When the given event last occurred, in seconds since the epoch");
  }
  for (const auto& [key, time] : event_times_) {
    const auto& [event, peer, role] = key;
    text += std::string(prefix) + "event_time_seconds{" + label("event", event) + "," +
            label("peer", peer) + "," + label("role", role) + "} " + std::to_string(time) + "\n";
  }
  text += counters("failure", "Count of failed reconciliations since startup", failures_);
  text += counters("items_recovered", "Count of items recovered since startup", recovered_);
  return text +
         counters("success", "Count of successful reconciliations since startup", successes_);
}

}  // namespace rehearsal::keyserver
