// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/metrics.hpp"

#include <chrono>
#include <ctime>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

constexpr const char* recon_prefix = "conflux_reconciliation_";

/// Of prometheus.DefBuckets and Hockeypuck's own, in seconds.
std::vector<double> request_bounds() {
  return {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600};
}

std::vector<double> recon_bounds() {
  return {.001, .01, .1, 1, 10, 100, 1000};
}

std::string type_line(const std::string& name, const std::string& type) {
  return "# TYPE " + name + " " + type + "\n";
}

std::string single(const std::string& name, const std::string& type, const std::string& value) {
  return type_line(name, type) + name + " " + value + "\n";
}

std::string label(const std::string& name, const std::string& value) {
  return name + "=\"" + value + "\"";
}

}  // namespace

void Histogram::observe(double value) {
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    if (value <= bounds_[i]) {
      ++buckets_[i];
    }
  }
  ++count_;
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  std::ostringstream text;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    text << name << "_bucket{" << labels << ",le=\"" << bounds_[i] << "\"} " << buckets_[i] << "\n";
  }
  text << name << "_bucket{" << labels << ",le=\"+Inf\"} " << count_ << "\n"
       << name << "_sum{" << labels << "} " << sum_ << "\n"
       << name << "_count{" << labels << "} " << count_ << "\n";
  return text.str();
}

Metrics::Metrics()
    : start_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                 .count()) {}

void Metrics::count(KeyChange change) {
  const std::lock_guard lock(mutex_);
  ++changes_.at(static_cast<std::size_t>(change));
}

void Metrics::observe_request(const std::string& method, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  requests_.try_emplace({method, status}, request_bounds()).first->second.observe(seconds);
}

void Metrics::note_recon_start(const std::string& peer, const std::string& role) {
  const std::lock_guard lock(mutex_);
  recon_times_[{"initiate", peer, role}] = std::time(nullptr);
}

void Metrics::note_recon_end(const std::string& event, const std::string& peer,
                             const std::string& role, double seconds) {
  const std::lock_guard lock(mutex_);
  recon_times_[{event, peer, role}] = std::time(nullptr);
  recon_durations_.try_emplace({peer, event}, recon_bounds()).first->second.observe(seconds);
  ++recon_counters_[{event, peer}];
}

void Metrics::count_recovered(const std::string& peer, std::size_t keys) {
  const std::lock_guard lock(mutex_);
  recon_counters_[{"items_recovered", peer}] += keys;
}

std::string Metrics::key_counters() const {
  const auto counter = [this](const char* name, KeyChange change) {
    return single(std::string("hockeypuck_keys_") + name, "counter",
                  std::to_string(changes_.at(static_cast<std::size_t>(change))));
  };
  // This keyserver repairs the tree without counting.
  return counter("added", KeyChange::added) +
         single("hockeypuck_keys_added_jitter", "counter", "0") +
         counter("ignored", KeyChange::ignored) + counter("removed", KeyChange::removed) +
         counter("removed_jitter", KeyChange::removed_jitter) +
         counter("updated", KeyChange::updated);
}

std::string Metrics::request_durations() const {
  const std::string name = "hockeypuck_http_request_duration_seconds";
  std::string text = requests_.empty() ? "" : type_line(name, "histogram");
  for (const auto& [request, histogram] : requests_) {
    text += histogram.text(name, label("method", request.first) + "," +
                                     label("status_code", std::to_string(request.second)));
  }
  return text;
}

std::string Metrics::recon_text() const {
  const std::string prefix = recon_prefix;
  std::string text =
      recon_durations_.empty() ? "" : type_line(prefix + "duration_seconds", "histogram");
  for (const auto& [key, histogram] : recon_durations_) {
    text += histogram.text(prefix + "duration_seconds",
                           label("peer", key.first) + "," + label("result", key.second));
  }
  text += recon_times_.empty() ? "" : type_line(prefix + "event_time_seconds", "gauge");
  for (const auto& [key, time] : recon_times_) {
    const auto& [event, peer, role] = key;
    text += prefix + "event_time_seconds{" + label("event", event) + "," + label("peer", peer) +
            "," + label("role", role) + "} " + std::to_string(time) + "\n";
  }
  std::string before;
  for (const auto& [key, count] : recon_counters_) {
    const auto& [name, peer] = key;
    text += name == before ? "" : type_line(prefix + name, "counter");
    text += prefix + name + "{" + label("peer", peer) + "} " + std::to_string(count) + "\n";
    before = name;
  }
  return text;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  return recon_text() + request_durations() + key_counters() +
         single("process_start_time_seconds", "gauge", std::to_string(start_));
}

}  // namespace rehearsal::keyserver
