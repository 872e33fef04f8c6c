// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/gossip.hpp"

#include <chrono>
#include <string>

namespace rehearsal::keyserver {
namespace {

/// Whole seconds from 90 % to 110 %, rounded down as Hockeypuck does: one second becomes none.
std::chrono::seconds skewed(std::int64_t interval, std::mt19937& random) {
  constexpr std::int64_t tenths = 10;
  constexpr std::int64_t least_tenths = 9;
  constexpr std::int64_t skew_tenths = 2;
  std::uniform_int_distribution<std::int64_t> skew(0, interval * skew_tenths / tenths);
  return std::chrono::seconds(interval * least_tenths / tenths + skew(random));
}

/// As Go prints a duration of whole seconds: "5s", "1m5s", "1h0m5s".
std::string duration_text(std::chrono::seconds duration) {
  constexpr std::int64_t sixty = 60;
  const std::int64_t seconds = duration.count();
  std::string text = std::to_string(seconds % sixty) + "s";
  if (seconds >= sixty) {
    text = std::to_string(seconds / sixty % sixty) + "m" + text;
  }
  return seconds >= sixty * sixty ? std::to_string(seconds / sixty / sixty) + "h" + text : text;
}

}  // namespace

Gossip::Gossip(const ReconContext& context) : context_(context), thread_([this] { run(); }) {}

Gossip::~Gossip() {
  stop_.raise();
  thread_.join();
}

void Gossip::run() {
  const Configuration& configuration = context_.configuration;
  const ReconLog log(context_.log, "gossip", configuration.recon_address);
  std::chrono::seconds delay = skewed(configuration.gossip_interval_seconds, random_);
  while (stop_.sleep(delay)) {
    if (const std::optional<Peer> partner = context_.partners.draw(random_)) {
      visit_partner(*partner, stop_, context_);
    }
    context_.tree.mutate();
    delay = skewed(configuration.gossip_interval_seconds, random_);
    log.info("waiting " + duration_text(delay) + " for next gossip attempt");
  }
}

}  // namespace rehearsal::keyserver
