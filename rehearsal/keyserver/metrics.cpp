// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/metrics.hpp"

#include <chrono>
#include <vector>

namespace rehearsal::keyserver {
namespace {

/// Of prometheus.DefBuckets and Hockeypuck's own, in seconds.
std::vector<double> request_bounds() {
  return {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600};
}

std::string single(const std::string& name, const std::string& type, const std::string& help,
                   const std::string& value) {
  return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n" + name + " " +
         value + "\n";
}

}  // namespace

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

std::string Metrics::histograms() const {
  const std::string name = "hockeypuck_http_request_duration_seconds";
  std::string text =
      "# HELP " + name + " Time spent generating HTTP responses\n# TYPE " + name + " histogram\n";
  for (const auto& [request, histogram] : requests_) {
    text += histogram.text(name, "method=\"" + escaped_label(request.first) + "\",status_code=\"" +
                                     std::to_string(request.second) + "\"");
  }
  return text;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  const auto counter = [this](const char* name, const char* help, KeyChange change) {
    return single(std::string("hockeypuck_keys_") + name, "counter", help,
                  std::to_string(changes_.at(static_cast<std::size_t>(change))));
  };
  std::string text = requests_.empty() ? "" : histograms();
  text += counter("added", "New keys added since startup", KeyChange::added);
  text += single("hockeypuck_keys_added_jitter", "counter",
                 "Lost PTree entries recreated since startup", "0");
  text += counter("ignored", "Keys with no-op updates since startup", KeyChange::ignored);
  text += counter("removed", "Keys removed since startup", KeyChange::removed);
  text += counter("removed_jitter", "Stale PTree entries cleaned up since startup",
                  KeyChange::removed_jitter);
  text += counter("updated", "Keys updated since startup", KeyChange::updated);
  text += single("process_start_time_seconds", "gauge",
                 "Start time of the process since unix epoch in seconds.", std::to_string(start_));
  return text;
}

}  // namespace rehearsal::keyserver
