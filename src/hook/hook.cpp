// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hook/hook.hpp"

#include "charm/hook/reconcile.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace charm {

namespace {

/// Far more than any dispatch needs, including its pauses. A dispatch that does not end would block
/// all later events of the unit.
constexpr int most_steps = 500;

void follow_log_level(const Snapshot& snapshot) {
  const auto found = snapshot.config.find("log-level");
  if (found != snapshot.config.end() && found->second == ConfigValue("debug")) {
    spdlog::set_level(spdlog::level::debug);
  }
}

/// The plan depends on only three values that a step changes: the admin keys, the size of the log
/// file, and whether Pebble answers.
bool may_change_plan(const Step& step) {
  const bool only_asks = std::holds_alternative<step::FindKey>(step.what) ||
                         std::holds_alternative<step::TryAdminKey>(step.what);
  return (step.concern == Concern::admin_key && !only_asks) || step.concern == Concern::logging;
}

void log_plan(const juju::Context& context, const HookOutcome& hook) {
  spdlog::debug("{}", context.dispatch_path);
  for (const std::string& warning : hook.plan.warnings) {
    spdlog::warn("{}", warning);
  }
  if (!hook.snapshot.workload) {
    spdlog::debug("no workload: {}", hook.snapshot.workload_error);
  }
}

}  // namespace

Status HookOutcome::status() const {
  const Performed* set = snapshot.history.last_of<step::SetStatus>();
  return set == nullptr ? Status{} : std::get<step::SetStatus>(set->step.what).status;
}

HookOutcome run_hook(const juju::Context& context, const Doors& doors, Snapshot observed) {
  follow_log_level(observed);
  Plan first = reconcile(observed);
  HookOutcome hook{std::move(observed), std::move(first)};
  log_plan(context, hook);
  for (int steps = 0; steps < most_steps; ++steps) {
    std::optional<Step> step = next_step(hook.plan, hook.snapshot);
    if (!step) {
      return hook;
    }
    Answer answer = perform(*step, doors);
    const bool has_new_plan = may_change_plan(*step);
    const bool had_workload = hook.snapshot.workload.has_value();
    hook.snapshot =
        look_again(std::move(hook.snapshot), {*std::move(step), std::move(answer)}, doors);
    if (has_new_plan || had_workload != hook.snapshot.workload.has_value()) {
      hook.plan = reconcile(hook.snapshot);
    }
  }
  throw Error("the hook did not come to an end in " + std::to_string(most_steps) + " steps");
}

}  // namespace charm
