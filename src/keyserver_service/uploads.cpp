// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver_service/uploads.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/workload/workload.hpp"

#include <utility>

namespace charm {

namespace {

/// A database that is related again has a different user.
std::string digest_of(const Plan& plan) {
  const Database& database = plan.workloads.front().database;
  std::string text = database.name + '\n' + database.user + '\n' + to_string(plan.uploads.uploads);
  for (const std::string& fingerprint : plan.uploads.accepted) {
    text += '\n' + fingerprint;
  }
  return sha256(text);
}

bool is_enforced(const Performed* done) {
  const auto* kept = done == nullptr ? nullptr : std::get_if<postgres::KeptUploads>(&done->answer);
  return kept != nullptr && kept->enforced;
}

/// Whether the database may accept other keys than the option says. Otherwise the charm only
/// checks.
bool is_change(const Plan& plan, const Snapshot& snapshot) {
  return plan.uploads.uploads != Uploads::all ||
         (snapshot.memory && !snapshot.memory->uploads.empty());
}

/// A change does not wait for this keyserver, because others may serve. With `all`, a database
/// without tables needs nothing: the keyserver must make its tables first.
bool is_due(const Plan& plan, const Snapshot& snapshot) {
  const bool serves = snapshot.keyserver == KeyserverHealth::serving;
  const Performed* last = snapshot.history.last_of<step::KeepUploads>();
  if (last == nullptr || std::get<step::KeepUploads>(last->step.what).policy != plan.uploads) {
    return serves || is_change(plan, snapshot);
  }
  const Performed* start = last_start(snapshot.history, std::string(hockeypuck::service));
  return serves && !is_enforced(last) && History::is_later(start, last);
}

bool is_settled(const std::string& digest, const Snapshot& snapshot) {
  return snapshot.workload && snapshot.workload->uploads == digest && snapshot.memory &&
         snapshot.memory->uploads == digest;
}

Step of_uploads(Step::What what) {
  return {Concern::uploads, std::move(what), {}};
}

/// Returns the next step that changes the database.
Step change(const Database& database, const Plan& plan, const Snapshot& snapshot) {
  const History& history = snapshot.history;
  const step::RemovePaths removal{{std::string(uploads_path)}, false};
  const Performed* last = history.last_of<step::KeepUploads>();
  if (snapshot.workload && !snapshot.workload->uploads.empty() &&
      !History::is_later(history.last(removal), last)) {
    return of_uploads(removal);
  }
  return of_uploads(step::KeepUploads{database, plan.uploads});
}

step::PlaceFiles record_of(const std::string& digest) {
  return {{hockeypuck::private_directory(hockeypuck::tree_directory)},
          {{.path = std::string(uploads_path), .content = digest}}};
}

/// The database was asked or changed, or that is not due.
Decision conclude(const std::string& digest, const Plan& plan, const Snapshot& snapshot) {
  const Performed* last = snapshot.history.last_of<step::KeepUploads>();
  if (const Refusal* refusal = refusal_of(last); refusal != nullptr && is_change(plan, snapshot)) {
    return say(statuses::waiting_for_upload_policy(refusal->reason));
  }
  step::PlaceFiles record = record_of(digest);
  if (is_enforced(last) && snapshot.workload && snapshot.workload->uploads != digest &&
      !snapshot.history.contains(record)) {
    return do_it(Concern::uploads, std::move(record));
  }
  return {};
}

}  // namespace

Decision keep_uploads(const Plan& plan, const Snapshot& snapshot) {
  if (!snapshot.unit.leader || plan.workload_goal != WorkloadGoal::run) {
    return {};
  }
  const std::string digest = digest_of(plan);
  if (is_settled(digest, snapshot)) {
    return {};
  }
  if (!is_due(plan, snapshot)) {
    return conclude(digest, plan, snapshot);
  }
  const Choice choice = choose(Concern::uploads, plan.workloads, snapshot.history);
  if (choice.question) {
    return {choice.question, {}};
  }
  if (choice.workload != nullptr) {
    return {change(choice.workload->database, plan, snapshot), {}};
  }
  return is_change(plan, snapshot) ? Decision{std::nullopt, choice.refusals} : Decision{};
}

std::string known_uploads(const Plan& plan, const Snapshot& snapshot) {
  if (!snapshot.unit.leader || plan.workload_goal != WorkloadGoal::run || !snapshot.workload) {
    return {};
  }
  if (const Performed* last = snapshot.history.last_of<step::KeepUploads>()) {
    return is_enforced(last) ? digest_of(plan) : std::string();
  }
  return snapshot.memory ? snapshot.memory->uploads : std::string();
}

}  // namespace charm
