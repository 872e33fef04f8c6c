// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver_service/keyserver_service.hpp"

#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "charm/prefix_tree/tree_steps.hpp"
#include "charm/workload/workload.hpp"

#include <algorithm>
#include <utility>

namespace charm {

namespace {

/// With a tenth of a second between two checks. A start usually takes a few tenths of a second.
constexpr std::ptrdiff_t most_pauses_for_start = 50;

const std::string keyserver_name{hockeypuck::service};

/// The workload whose service runs, or is being started, exactly as planned.
struct InPlace {
  const WorkloadPlan* workload = nullptr;
  Layer missing;  ///< Only checks, which need no restart.
};

InPlace find_in_place(const Workload& workload, const std::vector<WorkloadPlan>& wanted) {
  if (!is_kept_up(workload, keyserver_name)) {
    return {};
  }
  for (const WorkloadPlan& candidate : wanted) {
    if (has_files(workload.files, candidate.files)) {
      Layer missing = pebble::difference(workload.plan, candidate.layer);
      if (missing.services.empty()) {
        return {&candidate, std::move(missing)};
      }
    }
  }
  return {};
}

/// Returns the answer about the last output of the keyserver that was started last.
const Performed* output_read(const step::ReadLastOutput& question, const History& history) {
  const Performed* asked = history.last(question);
  return History::is_later(asked, last_start(history, keyserver_name)) ? asked : nullptr;
}

/// Output from before the tree was made is about an earlier tree. If the clock was wrong then, and
/// the time is in the future, all output counts.
std::int64_t begin_of_tree(const Snapshot& snapshot) {
  const auto& record = snapshot.workload->tree_record;
  const auto now = snapshot.now.time_since_epoch().count();
  return record && record->trusted_since <= now ? record->trusted_since : 0;
}

Decision explain_death(const Snapshot& snapshot) {
  const step::ReadLastOutput since_tree{keyserver_name, begin_of_tree(snapshot)};
  const Performed* words = output_read(since_tree, snapshot.history);
  if (words == nullptr) {
    return do_it(Concern::keyserver, since_tree);
  }
  if (const std::string text = text_of(*words); prefix_tree::is_damage(text)) {
    return {prefix_tree::request_rebuild({.reason = "it was damaged (" + text + ")"},
                                         "the prefix tree is damaged: " + text),
            {}};
  }
  const step::ReadLastOutput ever{keyserver_name, 0};
  const Performed* last = output_read(ever, snapshot.history);
  if (last == nullptr) {
    return do_it(Concern::keyserver, ever);
  }
  return say(statuses::keyserver_fails(text_of(*last)));
}

/// Whether the last start of this dispatch failed, and no rebuild followed it.
bool has_failed_to_start(const History& history) {
  const Performed* start = last_start(history, keyserver_name);
  const Performed* rebuild = history.last_if([](const Performed& done) {
    return done.step.concern == Concern::prefix_tree &&
           std::holds_alternative<step::PlaceFiles>(done.step.what);
  });
  return refusal_of(start) != nullptr && !History::is_later(rebuild, start);
}

std::vector<std::string> stale_files(const Workload& workload, const WorkloadPlan& wanted) {
  std::vector<std::string> stale;
  for (const auto& [path, content] : workload.files) {
    if (std::none_of(wanted.files.begin(), wanted.files.end(),
                     [&path = path](const File& file) { return file.path == path; })) {
      stale.push_back(path);
    }
  }
  return stale;
}

/// Waits until the service runs with the new configuration, because it may need the old files until
/// then.
std::optional<Step> clean_up(const WorkloadPlan& wanted, const Snapshot& snapshot) {
  const std::vector<std::string> stale = stale_files(*snapshot.workload, wanted);
  if (!stale.empty()) {
    return Step{Concern::keyserver, step::RemovePaths{stale, false}, {}};
  }
  const Performed* start = last_start(snapshot.history, keyserver_name);
  const step::RemovePaths obsolete{wanted.obsolete, true};
  if (start != nullptr && !wanted.obsolete.empty() &&
      !History::is_later(snapshot.history.last(obsolete), start)) {
    return Step{Concern::keyserver, obsolete, {}};
  }
  return std::nullopt;
}

/// Runs before the keyserver starts, so that it never stores a blocked key. A new database needs
/// nothing: the keyserver makes its tables first, and the first block adds the rest.
Decision prepare(const WorkloadPlan& wanted, const Snapshot& snapshot) {
  const step::PrepareDatabase question{wanted.database};
  const Performed* prepared = snapshot.history.last(question);
  if (prepared == nullptr) {
    return do_it(Concern::keyserver, question);
  }
  if (const Refusal* refusal = refusal_of(prepared)) {
    return say(statuses::waiting_for_block_list(refusal->reason));
  }
  return prefix_tree::make_tree_usable(snapshot,
                                       std::get<prefix_tree::DatabaseContent>(prepared->answer));
}

Decision start(const WorkloadPlan& wanted, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  if (Decision first = prepare(wanted, snapshot); !is_good(first)) {
    return first;
  }
  if (auto suspend = prefix_tree::suspend_rebuild(snapshot)) {
    return {std::move(suspend), {}};
  }
  if (auto place = place_files(Concern::keyserver, wanted, snapshot)) {
    return {std::move(place), {}};
  }
  const Layer missing = pebble::difference(workload.plan, wanted.layer);
  // If the charm is killed between the layer and the start, a process of the old definition would
  // look right to the next dispatch. So none may run at that point.
  if (!missing.services.empty()) {
    if (auto stop = stop_services(Concern::keyserver, {keyserver_name}, workload)) {
      return {std::move(stop), {}};
    }
  }
  if (auto layer = add_layer(Concern::keyserver, missing, snapshot.history)) {
    return {std::move(layer), {}};
  }
  return do_it(Concern::keyserver, step::StartService{keyserver_name},
               "(re)starting hockeypuck with the database at " + endpoint_of(wanted.database));
}

/// A keyserver that serves with an earlier configuration keeps serving until its unit's turn to
/// restart. All others start immediately.
std::optional<Step> wait_for_turn(const Turn& turn, const Snapshot& snapshot) {
  if (snapshot.keyserver != KeyserverHealth::serving ||
      snapshot.history.last_of<step::WaitUntil>() != nullptr) {
    return std::nullopt;
  }
  const std::size_t turns = std::min(turn.units, most_turns);
  const auto cycle = static_cast<std::int64_t>(turns) * restart_turn;
  const auto begin = static_cast<std::int64_t>(turn.unit % turns) * restart_turn;
  const std::chrono::seconds wait =
      (begin - snapshot.now.time_since_epoch() % cycle + cycle) % cycle;
  if (turn.units == 1 || wait.count() == 0) {
    return std::nullopt;
  }
  return Step{
      Concern::keyserver, step::WaitUntil{snapshot.now + wait},
      "waiting " + std::to_string(wait.count()) + " s for this unit's turn to restart hockeypuck"};
}

/// The service has the right definition, but it does not serve.
Decision look_after(const Snapshot& snapshot) {
  if (service_state(*snapshot.workload, keyserver_name) == "backoff") {
    return explain_death(snapshot);
  }
  const Performed* started = last_start(snapshot.history, keyserver_name);
  if (started != nullptr) {
    return pauses_since(started, snapshot.history) < most_pauses_for_start
               ? do_it(Concern::keyserver, step::Pause{})
               : say(statuses::waiting_for_keyserver_to_serve());
  }
  if (snapshot.keyserver == KeyserverHealth::database_failing) {
    return say(statuses::keyserver_without_database());
  }
  return say(statuses::waiting_for_keyserver_to_answer());
}

/// Whether Juju may not have the version of the running keyserver: no answer came since its start,
/// or a dispatch was killed that started it and could not remember its plan.
bool may_have_a_new_version(const Snapshot& snapshot) {
  if (last_start(snapshot.history, keyserver_name) != nullptr) {
    return true;
  }
  const auto& memory = snapshot.memory;
  return !memory || !memory->has_version || !memory->plan ||
         memory->plan->text_digest != snapshot.workload->plan.digest;
}

/// The keyserver serves: set its version after a start, then check its tree.
Decision look_closer(const Plan& plan, const WorkloadPlan& in_place, const Snapshot& snapshot) {
  const History& history = snapshot.history;
  const Performed* asked = history.last(step::AskVersion{});
  if (asked == nullptr && may_have_a_new_version(snapshot)) {
    return do_it(Concern::keyserver, step::AskVersion{});
  }
  if (asked != nullptr && !text_of(*asked).empty() &&
      history.last_of<step::SetVersion>() == nullptr) {
    return do_it(Concern::keyserver, step::SetVersion{text_of(*asked)});
  }
  return prefix_tree::compare_tree(plan, snapshot, in_place.database);
}

Decision keep_running(const Plan& plan, const Snapshot& snapshot) {
  if (has_failed_to_start(snapshot.history)) {
    return explain_death(snapshot);
  }
  const InPlace in_place = find_in_place(*snapshot.workload, plan.workloads);
  if (auto layer = add_layer(Concern::keyserver, in_place.missing, snapshot.history)) {
    return {std::move(layer), {}};
  }
  if (in_place.workload != nullptr) {
    if (auto step = clean_up(*in_place.workload, snapshot)) {
      return {std::move(step), {}};
    }
  }
  const bool serving =
      in_place.workload != nullptr && snapshot.keyserver == KeyserverHealth::serving;
  if (serving && in_place.workload == plan.workloads.data()) {
    return look_closer(plan, *in_place.workload, snapshot);
  }
  const Choice choice = choose(Concern::keyserver, plan.workloads, snapshot.history);
  if (choice.question) {
    return {choice.question, {}};
  }
  if (choice.workload != nullptr && choice.workload != in_place.workload) {
    if (auto wait = wait_for_turn(plan.turn, snapshot)) {
      return {std::move(wait), {}};
    }
    return start(*choice.workload, snapshot);
  }
  if (serving) {
    return look_closer(plan, *in_place.workload, snapshot);
  }
  return choice.workload == nullptr ? Decision{std::nullopt, choice.refusals}
                                    : look_after(snapshot);
}

Decision run(const Plan& plan, const Snapshot& snapshot) {
  if (snapshot.workload->rebuild) {
    return prefix_tree::continue_rebuild(plan, snapshot);
  }
  const std::string& reason = snapshot.request.rebuild_tree;
  const auto asked = [&](const Performed& done) {
    return done.step.what == prefix_tree::request_rebuild({.reason = reason}, {}).what;
  };
  if (!reason.empty() && snapshot.history.last_if(asked) == nullptr) {
    return {prefix_tree::request_rebuild({.reason = reason}, {}), {}};
  }
  return keep_running(plan, snapshot);
}

/// Without its database, an unfinished bulk load ends as well, because it has the password. A pod
/// that stops leaves the load to the next pod.
Decision stop(const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  std::vector<std::string> services{keyserver_name};
  step::RemovePaths directories{{std::string(hockeypuck::log_directory)}, true};
  if (snapshot.goal == Goal::run) {
    services.emplace_back(key_load::service);
    directories.paths.emplace_back(key_load::directory);
  }
  if (auto step = stop_services(Concern::keyserver, services, workload)) {
    step->log = "stopping hockeypuck";
    return {std::move(step), {}};
  }
  if (auto step = prefix_tree::suspend_rebuild(snapshot)) {
    return {std::move(step), {}};
  }
  const bool ends_load = snapshot.goal == Goal::run && workload.has_key_load;
  if (workload.files.empty() && !ends_load) {
    return {};
  }
  if (!snapshot.history.contains(directories)) {
    return do_it(Concern::keyserver, directories);
  }
  return do_it(Concern::keyserver, step::RemovePaths{hockeypuck::managed_files(), false});
}

}  // namespace

Decision keep_keyserver(const Plan& plan, const Snapshot& snapshot) {
  switch (plan.workload_goal) {
    case WorkloadGoal::run:
      return run(plan, snapshot);
    case WorkloadGoal::stop:
      return stop(snapshot);
    case WorkloadGoal::leave:
      break;
  }
  return {};
}

bool has_version(const Snapshot& snapshot) {
  // After a rebuild the keyserver starts, and its version is asked for.
  if (!snapshot.workload || snapshot.workload->rebuild ||
      !is_kept_up(*snapshot.workload, keyserver_name)) {
    return false;
  }
  const History& history = snapshot.history;
  if (const Performed* set = history.last_of<step::SetVersion>()) {
    return History::is_later(set, last_start(history, keyserver_name));
  }
  return !may_have_a_new_version(snapshot);
}

}  // namespace charm
