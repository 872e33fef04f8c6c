// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/logging/logging.hpp"

#include "charm/domain/promtail.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/workload/workload.hpp"

#include <utility>

namespace charm {

namespace {

const std::string promtail_name{promtail::service};

bool is_installed(const Workload& workload, const Download& program) {
  const auto receipt = workload.promtail_files.find(program.receipt);
  return receipt != workload.promtail_files.end() && receipt->second == program.content_sha256;
}

/// Whether this dispatch wrote a file of promtail after promtail's last start.
bool has_changed(const History& history) {
  const Performed* change = history.last_if([](const Performed& done) {
    return done.step.concern == Concern::promtail &&
           (std::holds_alternative<step::PlaceFiles>(done.step.what) ||
            std::holds_alternative<step::Install>(done.step.what));
  });
  return History::is_later(change, last_start(history, promtail_name));
}

/// Wherever this dispatch is killed, the next one finds the old service or a stopped one.
Decision restart(const PromtailPlan& wanted, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  if (auto stop = stop_services(Concern::promtail, {promtail_name}, workload)) {
    return {std::move(stop), {}};
  }
  const Layer missing = pebble::difference(workload.plan, wanted.layer);
  if (auto layer = add_layer(Concern::promtail, missing, snapshot.history)) {
    return {std::move(layer), {}};
  }
  return do_it(Concern::promtail, step::StartService{promtail_name});
}

Decision state_of_running(const Workload& workload) {
  if (service_state(workload, promtail_name) == "active") {
    return {};
  }
  return say(statuses::ending_promtail());
}

Decision run(const PromtailPlan& wanted, const Plan& plan, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  // The files come first: remove() uses them to see that promtail is installed.
  if (!has_files(workload.promtail_files, wanted.files)) {
    return do_it(Concern::promtail, step::PlaceFiles{wanted.directories, wanted.files});
  }
  if (!is_installed(workload, wanted.binary)) {
    return do_it(Concern::promtail,
                 step::Install{wanted.binary, {snapshot.proxies, plan.certificates}},
                 "downloading " + wanted.binary.target.path);
  }
  const bool is_defined = pebble::difference(workload.plan, wanted.layer).services.empty();
  if (is_defined && is_kept_up(workload, promtail_name) && !has_changed(snapshot.history)) {
    return last_start(snapshot.history, promtail_name) != nullptr ? Decision{}
                                                                  : state_of_running(workload);
  }
  return last_start(snapshot.history, promtail_name) != nullptr ? Decision{}
                                                                : restart(wanted, snapshot);
}

Decision remove(const Workload& workload) {
  if (auto stop = stop_services(Concern::promtail, {promtail_name}, workload)) {
    stop->log = "stopping promtail";
    return {std::move(stop), {}};
  }
  if (workload.promtail_files.empty()) {
    return {};
  }
  return do_it(Concern::promtail, step::RemovePaths{{std::string(promtail::directory)}, true});
}

/// The keyserver writes to the old file, which no longer has a name, until it opens the new one.
Decision rotate_log(const Plan& plan, const History& history) {
  const step::PlaceFiles emptying{{}, {hockeypuck::empty_log()}};
  if (plan.rotate_log) {
    return do_it(Concern::logging, emptying, "emptying " + std::string(hockeypuck::log_path));
  }
  const step::SendSignal reopening{"SIGUSR1", std::string(hockeypuck::service)};
  if (history.contains(emptying) && !history.contains(reopening)) {
    return do_it(Concern::logging, reopening);
  }
  return {};
}

}  // namespace

Decision keep_log_targets(const Plan& plan, const Snapshot& snapshot) {
  const History& history = snapshot.history;
  if (const Refusal* fault = fault_of_pebble(Concern::logging, history)) {
    return say(statuses::unsent_logs(fault->reason));
  }
  if (plan.logging) {
    const Layer missing = pebble::difference(snapshot.workload->plan, plan.logging->targets);
    if (auto layer = add_layer(Concern::logging, missing, history)) {
      return {std::move(layer), {}};
    }
  }
  return rotate_log(plan, history);
}

Decision keep_promtail(const Plan& plan, const Snapshot& snapshot) {
  if (!plan.logging) {
    return {};
  }
  const Performed* failed = snapshot.history.last_if([](const Performed& done) {
    return done.step.concern == Concern::promtail && refusal_of(&done) != nullptr;
  });
  if (const Refusal* fault = refusal_of(failed)) {
    return say(statuses::failed_promtail(fault->reason));
  }
  return plan.logging->promtail ? run(*plan.logging->promtail, plan, snapshot)
                                : remove(*snapshot.workload);
}

}  // namespace charm
