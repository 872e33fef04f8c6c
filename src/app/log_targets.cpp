// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/logging.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"
#include "put_in_plan.hpp"

#include <spdlog/spdlog.h>

namespace charm {

namespace {

/// The keyserver keeps writing to the old file, which nobody sees any more, until it opens anew.
void rotate_log(const pebble::Client& pebble) {
  spdlog::info("beginning {} anew", hockeypuck::log_path);
  pebble.write({hockeypuck::empty_log()});
  pebble.send_signal("SIGUSR1", hockeypuck::service);
}

void set_targets(const LoggingPlan& logging, const Workload& workload,
                 const pebble::Client& pebble) {
  put_in_plan(pebble::difference(workload.plan, logging.targets), pebble);
}

std::vector<Status> failure(const Error& error) {
  spdlog::warn("log forwarding: {}", error.what());
  return {{StatusKind::active, std::string("logs are not sent: ") + error.what()}};
}

}  // namespace

std::vector<Status> apply_log_targets(const Plan& plan, const Snapshot& snapshot,
                                      const World& world) {
  try {
    if (plan.logging) {
      set_targets(*plan.logging, *snapshot.workload, world.pebble);
    }
    if (plan.rotate_log) {
      rotate_log(world.pebble);
    }
    return {};
  } catch (const pebble::ApiError& error) {
    return failure(error);
  } catch (const pebble::PathError& error) {
    return failure(error);
  }
}

}  // namespace charm
