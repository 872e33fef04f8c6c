// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/prefix_tree/tree_steps.hpp"

#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "charm/workload/workload.hpp"

#include <algorithm>
#include <utility>

namespace charm::prefix_tree {

namespace {

/// With a tenth of a second between two checks.
constexpr std::ptrdiff_t most_pauses_for_build = 50;

const std::string build_name{service};

std::int64_t seconds(const Snapshot& snapshot) {
  return snapshot.now.time_since_epoch().count();
}

Step of_tree(Step::What what, std::string log = {}) {
  return {Concern::prefix_tree, std::move(what), std::move(log)};
}

/// Makes the directory first, if it is new. The keyserver could not make its tree in a directory
/// that was made together with the file.
Step write_next_to_tree(std::string_view path, std::string content, std::string log) {
  return of_tree(step::PlaceFiles{{hockeypuck::private_directory(hockeypuck::tree_directory)},
                                  {{.path = std::string(path), .content = std::move(content)}}},
                 std::move(log));
}

Step keep_record(const Record& record, std::string log = {}) {
  return write_next_to_tree(record_path, file_text(record), std::move(log));
}

const Performed* last_write(std::string_view path, const History& history) {
  return history.last_if([path](const Performed& done) { return writes(done.step, path); });
}

/// Both services have the tree open while they run.
std::optional<Step> stop_both(const Workload& workload) {
  return stop_services(Concern::prefix_tree, {std::string(hockeypuck::service), build_name},
                       workload);
}

step::RemovePaths removal_of_tree() {
  return {{std::string(path), std::string(statistics_path)}, true};
}

Decision finish(const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  const Rebuild& rebuild = *workload.rebuild;
  const Performed* kept = last_write(record_path, snapshot.history);
  if (!History::is_later(kept, last_start(snapshot.history, build_name))) {
    const std::int64_t now = seconds(snapshot);
    const std::int64_t rebuilt_before = workload.tree_record ? workload.tree_record->rebuilt : 0;
    return {keep_record({.database = rebuild.database,
                         .trusted_since = now,
                         .rebuilt = rebuild.automatic ? now : rebuilt_before}),
            {}};
  }
  return {of_tree(step::RemovePaths{{std::string(rebuild_path)}, false}, "rebuilt the prefix tree"),
          {}};
}

/// The question for the output of the build that was started last.
step::ReadLastOutput output_of_build(const Rebuild& rebuild) {
  return {build_name, rebuild.since - 1};
}

/// This dispatch began the build, which has ended already.
Decision failed(const Snapshot& snapshot) {
  const step::ReadLastOutput question = output_of_build(*snapshot.workload->rebuild);
  const Performed* asked = snapshot.history.last(question);
  if (asked == nullptr) {
    return do_it(Concern::prefix_tree, question);
  }
  std::string reason = text_of(*asked);
  const Refusal* refusal = refusal_of(last_start(snapshot.history, build_name));
  if (reason.empty() && refusal != nullptr) {
    reason = refusal->reason;
  }
  return say(statuses::failed_rebuild(reason));
}

/// A password may change during the build. The old one must not remain on the disk.
Decision wait(const Plan& plan, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  const Performed* begun = last_start(snapshot.history, build_name);
  if (begun != nullptr && pauses_since(begun, snapshot.history) < most_pauses_for_build) {
    return {of_tree(step::Pause{}), {}};
  }
  const bool current = std::any_of(
      plan.workloads.begin(), plan.workloads.end(),
      [&](const WorkloadPlan& wanted) { return has_files(workload.files, wanted.files); });
  if (!current) {
    const Choice choice = choose(Concern::prefix_tree, plan.workloads, snapshot.history);
    if (choice.question) {
      return {choice.question, {}};
    }
    if (choice.workload != nullptr) {
      return {place_files(Concern::prefix_tree, *choice.workload, snapshot), {}};
    }
  }
  return {std::nullopt, {progress(*workload.rebuild, seconds(snapshot))}};
}

/// The build removes nothing; it adds to an existing tree.
Decision begin(const Rebuild& next, const WorkloadPlan& wanted, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  if (*workload.rebuild != next) {
    return {request_rebuild(next, {}), {}};
  }
  if (auto stop = stop_both(workload)) {
    return {std::move(stop), {}};
  }
  if (auto place = place_files(Concern::prefix_tree, wanted, snapshot)) {
    return {std::move(place), {}};
  }
  if (!snapshot.history.contains(removal_of_tree())) {
    return {of_tree(removal_of_tree()), {}};
  }
  const Layer missing = pebble::difference(workload.plan, build_layer());
  if (auto layer = add_layer(Concern::prefix_tree, missing, snapshot.history)) {
    return {std::move(layer), {}};
  }
  return {
      of_tree(step::StartService{build_name},
              "rebuilding the prefix tree of " + std::to_string(next.keys) + " keys: " + why(next)),
      {}};
}

/// Begins or finishes. Both need the database.
Decision proceed_to(Stage stage, const WorkloadPlan& wanted, const Snapshot& snapshot) {
  const History& history = snapshot.history;
  const Rebuild& rebuild = *snapshot.workload->rebuild;
  const Performed* prepared = history.last(step::PrepareDatabase{wanted.database});
  if (prepared == nullptr) {
    return do_it(Concern::prefix_tree, step::PrepareDatabase{wanted.database});
  }
  if (const Refusal* refusal = refusal_of(prepared)) {
    return say(statuses::waiting_for_block_list(refusal->reason));
  }
  const std::string& identity = std::get<DatabaseContent>(prepared->answer).identity;
  if (stage == Stage::finish && identity == rebuild.database) {
    return finish(snapshot);
  }
  const Performed* counted = history.last(step::CountKeys{wanted.database});
  if (counted == nullptr) {
    return do_it(Concern::prefix_tree, step::CountKeys{wanted.database});
  }
  Rebuild next = rebuild;
  if (rebuild.state == RebuildState::building) {
    const step::ReadLastOutput question = output_of_build(rebuild);
    const Performed* asked = history.last(question);
    if (asked == nullptr) {
      return do_it(Concern::prefix_tree, question);
    }
    next.failure = text_of(*asked);
  }
  // The number is only for the operator. It is 0 if the database needs too long to count.
  const auto* count = std::get_if<postgres::KeyCount>(&counted->answer);
  next.state = RebuildState::requested;
  next.database = identity;
  next.keys = count == nullptr ? 0 : count->keys;
  return begin(next, wanted, snapshot);
}

/// Follows a build that this dispatch started, until it ends.
std::optional<Decision> follow_build(Stage stage, const Snapshot& snapshot) {
  const Performed* begun = last_start(snapshot.history, build_name);
  if (begun == nullptr || stage != Stage::begin) {
    return std::nullopt;
  }
  Rebuild rebuild = *snapshot.workload->rebuild;
  if (rebuild.state == RebuildState::building) {
    return failed(snapshot);
  }
  if (History::is_later(last_write(rebuild_path, snapshot.history), begun)) {
    return say(statuses::waiting_to_resume_rebuild());
  }
  rebuild.state = RebuildState::building;
  rebuild.since = seconds(snapshot);
  return Decision{request_rebuild(rebuild, {}), {}};
}

std::vector<Status> statuses_of(const std::optional<Record>& record) {
  return record && record->is_far ? std::vector{far_off(*record)} : std::vector<Status>{};
}

/// Returns the answer to a question about the keyserver that runs now, or nothing if it must be
/// asked.
const Performed* fresh(const Step::What& question, const Performed* start, const History& history) {
  const Performed* asked = history.last(question);
  return History::is_later(asked, start) ? asked : nullptr;
}

/// There is no record for a keyserver that an earlier revision of the charm started.
Decision known_record(Record& record, const Snapshot& snapshot, const Database& database) {
  if (!record.database.empty()) {
    return {};
  }
  const Performed* prepared = snapshot.history.last(step::PrepareDatabase{database});
  if (prepared == nullptr) {
    return do_it(Concern::prefix_tree, step::PrepareDatabase{database});
  }
  if (const auto* content = std::get_if<DatabaseContent>(&prepared->answer)) {
    record = {.database = content->identity, .trusted_since = seconds(snapshot)};
  }
  return {};
}

/// The rebuild ends with its own record. Storing another record first would delay a dispatch that
/// repeats the work of a killed one.
Decision judge(const Record& record, const Plan& plan, const Snapshot& snapshot) {
  const std::int64_t now = seconds(snapshot);
  const bool can_be_replaced = plan.turn.units > 1 && !snapshot.unit.leader;
  if (is_turn(plan.turn, now) &&
      (may_rebuild(record, now) || (can_be_replaced && may_repair(record, now)))) {
    return {request_rebuild({.reason = sentence(record.comparison), .automatic = true}, {}), {}};
  }
  return {keep_record(record), {}};
}

/// The database needs too long to count its keys. The next comparison is due as after any other.
Decision put_off(Record record, const Performed* start, const Snapshot& snapshot) {
  if (History::is_later(last_write(record_path, snapshot.history), start)) {
    return {std::nullopt, statuses_of(record)};
  }
  record.compared = seconds(snapshot);
  return {keep_record(record), {}};
}

}  // namespace

Step request_rebuild(const Rebuild& rebuild, std::string log) {
  return write_next_to_tree(rebuild_path, file_text(rebuild), std::move(log));
}

Decision continue_rebuild(const Plan& plan, const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  const Stage stage =
      next_stage(*workload.rebuild, service_state(workload, build_name), workload.tree_is_closed);
  if (stage == Stage::wait) {
    return wait(plan, snapshot);
  }
  if (auto decision = follow_build(stage, snapshot)) {
    return *std::move(decision);
  }
  const Choice choice = choose(Concern::prefix_tree, plan.workloads, snapshot.history);
  if (choice.question || choice.workload == nullptr) {
    return {choice.question, choice.refusals};
  }
  return proceed_to(stage, *choice.workload, snapshot);
}

std::optional<Step> suspend_rebuild(const Snapshot& snapshot) {
  const Workload& workload = *snapshot.workload;
  if (workload.rebuild && workload.rebuild->state == RebuildState::building) {
    Rebuild rebuild = *workload.rebuild;
    rebuild.state = RebuildState::requested;
    return request_rebuild(rebuild, "stopping the rebuild of the prefix tree");
  }
  return stop_services(Concern::prefix_tree, {build_name}, workload);
}

Decision make_tree_usable(const Snapshot& snapshot, const DatabaseContent& database) {
  const History& history = snapshot.history;
  const step::ListDirectory question{std::string(path)};
  const Performed* listed = fresh(question, history.last_of<step::StartService>(), history);
  if (listed == nullptr) {
    return do_it(Concern::prefix_tree, question);
  }
  const auto* names = std::get_if<Names>(&listed->answer);
  const auto& record = snapshot.workload->tree_record;
  const std::string reason = why_not_usable({.exists = names != nullptr && is_tree(names->value),
                                             .reconciles_with_peers = snapshot.unit.leader},
                                            record, database);
  if (!reason.empty()) {
    return {request_rebuild({.reason = reason}, {}), {}};
  }
  // A new leader shows its tree to peers, so it does not wait for its turn.
  if (snapshot.unit.leader && record && may_rebuild(*record, seconds(snapshot))) {
    return {request_rebuild({.reason = sentence(record->comparison), .automatic = true}, {}), {}};
  }
  if (!record || record->database != database.identity) {
    return {keep_record({.database = database.identity, .trusted_since = seconds(snapshot)}), {}};
  }
  return {};
}

Decision compare_tree(const Plan& plan, const Snapshot& snapshot, const Database& database) {
  // A bulk load adds keys that no tree has, and ends with a rebuild.
  if (service_state(*snapshot.workload, std::string(key_load::service)) == "active") {
    return {};
  }
  const auto& kept = snapshot.workload->tree_record;
  const History& history = snapshot.history;
  const Performed* start = last_start(history, std::string(hockeypuck::service));
  const bool just_started =
      start != nullptr && !History::is_later(last_write(record_path, history), start);
  if (!just_started && !comparison_is_due(kept, seconds(snapshot), plan.tree_settling)) {
    return {std::nullopt, statuses_of(kept)};
  }
  Record record = kept.value_or(Record{});
  if (Decision question = known_record(record, snapshot, database); question.step) {
    return question;
  }
  // The digests are counted later, and the keyserver updates their number once for each gossip.
  const step::CountKeys question{database, 2 * plan.tree_settling};
  const Performed* counted = fresh(question, start, history);
  if (counted == nullptr && !record.database.empty()) {
    return do_it(Concern::prefix_tree, question);
  }
  const auto* keys =
      counted == nullptr ? nullptr : std::get_if<postgres::KeyCount>(&counted->answer);
  if (keys == nullptr) {
    return counted == nullptr ? Decision{std::nullopt, statuses_of(kept)}
                              : put_off(std::move(record), start, snapshot);
  }
  const Performed* asked = fresh(step::CountDigests{}, start, history);
  if (asked == nullptr) {
    return do_it(Concern::prefix_tree, step::CountDigests{});
  }
  const auto* digests = std::get_if<Number>(&asked->answer);
  if (digests == nullptr) {
    return {std::nullopt, statuses_of(kept)};
  }
  return judge(with_comparison(std::move(record), {digests->value, keys->keys, keys->settled},
                               seconds(snapshot), plan.tree_settling),
               plan, snapshot);
}

}  // namespace charm::prefix_tree
