// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_run.hpp"

#include "charm/hockeypuck/key_load.hpp"
#include "key_upload.hpp"
#include "load_round.hpp"
#include "load_staging.hpp"
#include "workload_files.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_two_tellings(10);
/// A tree that is asked for at the last moment still gets this chance to be there at the end.
constexpr std::chrono::seconds least_wait_for_tree(30);

std::vector<postgres::KeyPackets> keys_in(const std::string& packets) {
  std::vector<postgres::KeyPackets> keys;
  for (const openpgp::Certificate& certificate : openpgp::read_certificates(packets)) {
    keys.push_back({certificate.fingerprint, std::string(certificate.packets)});
  }
  return keys;
}

}  // namespace

LoadRun::LoadRun(const ActionContext& context, postgres::KeyDatabase& database, LoadJob job)
    : context_(context),
      database_(database),
      job_(std::move(job)),
      service_(context),
      tell_next_(Clock::now() + between_two_tellings) {}

LoadOutcome LoadRun::follow(Clock::time_point deadline) {
  for (;;) {
    const bool loading = advance_fresh();
    // Later states of a new key are merged with the first: hockeypuck-load changes no stored key.
    const bool merging = !loading && merge_some();
    if (!loading && !merging) {
      break;
    }
    if (Clock::now() >= deadline) {
      return {.job = job_, .under_way = progress()};
    }
    tell_progress();
    if (!merging) {
      context_.pause();
    }
  }
  if (job_.merged < job_.known.size()) {
    throw Failure(
        "the keyserver does not serve: the keys that are stored already were not brought up to "
        "date; run the action again when it does");
  }
  std::string tree = rebuild_tree(deadline);
  remove_load(context_);
  return {.job = job_, .tree = std::move(tree)};
}

bool LoadRun::advance_fresh() {
  if (job_.loaded || job_.fresh.empty()) {
    return false;
  }
  switch (service_.state()) {
    case KeyLoadService::State::active:
      return true;
    case KeyLoadService::State::failed:
      if (job_.started) {
        job_.started = false;
        save();
        throw Failure("hockeypuck-load ended with an error: " + service_.last_words() +
                      "; run the action again to go on");
      }
      break;
    case KeyLoadService::State::ended:
      if (job_.started) {
        end_round();
        return !job_.loaded;
      }
      break;
    case KeyLoadService::State::unknown:
      break;
  }
  start_round();
  return !job_.loaded;
}

/// Files whose keys are all stored are done: an earlier run was cut off.
void LoadRun::start_round() {
  std::vector<std::string> paths;
  for (const LoadFile& file : job_.fresh) {
    if (!missing_keys(context_, database_, file).empty()) {
      paths.push_back(file.path);
    }
  }
  if (paths.empty()) {
    end_round();
    return;
  }
  context_.juju.action_log("loading " + std::to_string(paths.size()) + " files by hockeypuck-load");
  service_.start(paths);
  job_.started = true;
  save();
}

void LoadRun::end_round() {
  settle_round(context_, database_, job_);
  save();
}

bool LoadRun::merge_some() {
  if (job_.merged == job_.known.size() || !is_serving(context_)) {
    return false;
  }
  const LoadFile& file = job_.known[job_.merged];
  const std::vector<OfferedKey> keys = read_list(read_file(context_, file.list_path));
  for (const auto& [fingerprint, reason] :
       upload_keys(context_, keys_in(read_file(context_, file.path)))) {
    add_note(job_, fingerprint, "not merged: " + reason);
  }
  job_.updated += updated_keys(database_, keys);
  ++job_.merged;
  save();
  return true;
}

/// It lacks what did not come through the keyserver.
std::string LoadRun::rebuild_tree(Clock::time_point deadline) {
  if (!job_.loaded || job_.added == 0 || job_.tree_asked) {
    return {};
  }
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - Clock::now());
  const prefix_tree::Outcome outcome =
      context_.rebuild_tree("keys were loaded", std::max(left, least_wait_for_tree));
  job_.tree_asked = true;
  save();
  return outcome.rebuilt ? "rebuilt" : outcome.status;
}

std::string LoadRun::progress() const {
  if (!job_.loaded && !job_.fresh.empty()) {
    return "hockeypuck-load: " + service_.last_words();
  }
  return "brought " + std::to_string(job_.merged) + " of " + std::to_string(job_.known.size()) +
         " batches of stored keys up to date";
}

void LoadRun::tell_progress() {
  if (Clock::now() < tell_next_) {
    return;
  }
  tell_next_ = Clock::now() + between_two_tellings;
  std::string now = progress();
  if (now != told_) {
    context_.juju.action_log(now);
    told_ = std::move(now);
  }
}

void LoadRun::save() const {
  write_file(context_, key_load::readable_file("job.json", job_text(job_)));
}

}  // namespace charm::actions
