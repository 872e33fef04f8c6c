// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/metrics.hpp"

#include <chrono>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

const std::string recon_prefix = "conflux_reconciliation_";

/// The bounds of prometheus.DefBuckets and Hockeypuck's own, in seconds.
const std::vector<double> request_bounds{.005, .01, .025, .05, .1,  .25, .5,   1,   2.5,
                                         5,    10,  30,   60,  300, 600, 1800, 3600};
const std::vector<double> recon_bounds{.001, .01, .1, 1, 10, 100, 1000};

std::string label(const std::string& name, const std::string& value) {
  return name + "=\"" + value + "\"";
}

std::string number_text(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

}  // namespace

Metrics::Metrics() {
  for (const char* change :
       {"added", "added_jitter", "ignored", "removed", "removed_jitter", "updated"}) {
    add(std::string("hockeypuck_keys_") + change, "counter", "", 0);
  }
  add("process_start_time_seconds", "gauge", "",
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

void Metrics::add(const std::string& family, const std::string& type, const std::string& sample,
                  double value) {
  Family& found = families_[family];
  found.type = type;
  found.samples[sample] += value;
}

void Metrics::observe(const std::string& family, const std::string& labels,
                      const std::vector<double>& bounds, double value) {
  const auto add_to = [&](const std::string& sample, double amount) {
    add(family, "histogram", sample, amount);
  };
  for (const double bound : bounds) {
    add_to("_bucket{" + labels + "," + label("le", number_text(bound)) + "}",
           value <= bound ? 1 : 0);
  }
  add_to("_bucket{" + labels + ",le=\"+Inf\"}", 1);
  add_to("_count{" + labels + "}", 1);
  add_to("_sum{" + labels + "}", value);
}

void Metrics::count_key(const std::string& change) {
  const std::lock_guard lock(mutex_);
  add("hockeypuck_keys_" + change, "counter", "", 1);
}

void Metrics::observe_request(const std::string& method, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  observe("hockeypuck_http_request_duration_seconds",
          label("method", method) + "," + label("status_code", std::to_string(status)),
          request_bounds, seconds);
}

void Metrics::note_recon(const std::string& event, const std::string& peer,
                         const std::string& role) {
  Family& times = families_[recon_prefix + "event_time_seconds"];
  times.type = "gauge";
  times.samples["{" + label("event", event) + "," + label("peer", peer) + "," +
                label("role", role) + "}"] = static_cast<double>(std::time(nullptr));
}

void Metrics::note_recon_start(const std::string& peer, const std::string& role) {
  const std::lock_guard lock(mutex_);
  note_recon("initiate", peer, role);
}

void Metrics::note_recon_end(const std::string& event, const std::string& peer,
                             const std::string& role, double seconds) {
  const std::lock_guard lock(mutex_);
  note_recon(event, peer, role);
  observe(recon_prefix + "duration_seconds", label("peer", peer) + "," + label("result", event),
          recon_bounds, seconds);
  add(recon_prefix + event, "counter", "{" + label("peer", peer) + "}", 1);
}

void Metrics::count_recovered(const std::string& peer, std::size_t keys) {
  const std::lock_guard lock(mutex_);
  add(recon_prefix + "items_recovered", "counter", "{" + label("peer", peer) + "}",
      static_cast<double>(keys));
}

std::string Metrics::text() const {
  constexpr int exact = 15;
  const std::lock_guard lock(mutex_);
  std::ostringstream text;
  text << std::setprecision(exact);
  for (const auto& [name, family] : families_) {
    text << "# TYPE " << name << " " << family.type << "\n";
    for (const auto& [sample, value] : family.samples) {
      text << name << sample << " " << value << "\n";
    }
  }
  return text.str();
}

}  // namespace rehearsal::keyserver
