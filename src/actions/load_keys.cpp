// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/load_keys.hpp"

#include "charm/hockeypuck/key_load.hpp"
#include "key_deletion.hpp"
#include "key_reading.hpp"
#include "key_upload.hpp"
#include "load_round.hpp"
#include "load_run.hpp"
#include "workload_files.hpp"

#include <algorithm>
#include <chrono>

namespace charm::actions {
namespace {

using Clock = std::chrono::steady_clock;

std::string notes_on(const LoadJob& job) {
  std::string notes;
  for (const std::string& note : job.notes) {
    notes += (notes.empty() ? "" : "\n") + note;
  }
  if (job.counts.unnameable > 0) {
    notes += (notes.empty() ? "" : "\n") + std::to_string(job.counts.unnameable) +
             " of a version that OpenPGP does not know";
  }
  return notes;
}

Results results_of(const LoadJob& job) {
  const KeyCounts& counts = job.counts;
  Results results = {{"files", std::to_string(counts.files)},
                     {"keys", std::to_string(counts.keys)},
                     {"already-stored", std::to_string(counts.identical + counts.known)},
                     {"added", std::to_string(job.added)},
                     {"updated", std::to_string(job.updated)},
                     {"blocked", std::to_string(counts.blocked)},
                     {"refused", std::to_string(job.refused + counts.unnameable)}};
  if (counts.repeated > 0) {
    results["repeated"] = std::to_string(counts.repeated);
  }
  const std::string notes = notes_on(job);
  if (!notes.empty()) {
    results["notes"] = notes;
  }
  return results;
}

Results results_of(const LoadOutcome& outcome) {
  Results results = results_of(outcome.job);
  if (!outcome.under_way.empty()) {
    results["status"] = "under way: " + outcome.under_way +
                        "; run the action again, with the same files, to see its end";
  }
  if (!outcome.tree.empty()) {
    results["prefix-tree"] = outcome.tree;
  }
  return results;
}

/// Goes on with a load on the storage.
Results follow(const ActionContext& context, postgres::KeyDatabase& database, LoadJob job,
               Clock::time_point deadline) {
  LoadRun run(context, database, std::move(job));
  try {
    return results_of(run.follow(deadline));
  } catch (const Failure& failure) {
    throw Failure(failure.what(), results_of(run.job()));
  }
}

/// What became of keys that were given to the keyserver.
void count_uploaded(postgres::KeyDatabase& database, const std::vector<KeyCollector::Held>& held,
                    const std::map<std::string, std::string>& refusals, LoadJob& job) {
  std::vector<OfferedKey> known;
  std::vector<OfferedKey> fresh;
  for (const KeyCollector::Held& each : held) {
    (each.known ? known : fresh).push_back(each.key);
    const auto refusal = refusals.find(each.key.fingerprint);
    if (each.known && refusal != refusals.end()) {
      add_note(job, each.key.fingerprint, "not merged: " + refusal->second);
    }
  }
  job.updated = updated_keys(database, known);
  std::vector<OfferedKey> missing = missing_among(database, fresh);
  job.added = fresh.size() - missing.size();
  take_blocked(database, missing, job);
  for (const OfferedKey& key : missing) {
    const auto refusal = refusals.find(key.fingerprint);
    add_refusal(job, key.fingerprint,
                refusal == refusals.end() ? refusal_of(job, key) : refusal->second);
  }
}

Results upload(const ActionContext& context, postgres::KeyDatabase& database,
               const KeyCollector& collector, const KeyCounts& counts) {
  std::vector<postgres::KeyPackets> keys;
  for (const KeyCollector::Held& each : collector.held()) {
    keys.push_back({each.key.fingerprint, each.packets});
  }
  const auto refusals = upload_keys(context, keys);
  LoadJob job{.counts = counts, .max_key_length = context.key_load().max_key_length};
  count_uploaded(database, collector.held(), refusals, job);
  return results_of(job);
}

/// The load that an earlier call left, if there is one. Throws Failure when it is another one and
/// still at work.
std::optional<LoadJob> earlier_job(const ActionContext& context, const std::string& identity) {
  const auto text = find_file(context, std::string(key_load::job_path));
  std::optional<LoadJob> job = text ? read_job(*text) : std::nullopt;
  if (job && job->identity == identity) {
    return job;
  }
  if (KeyLoadService(context).state() == KeyLoadService::State::active) {
    throw Failure("another load is under way: " + KeyLoadService(context).last_words() +
                  "; run the action again with the files of that load to see its end");
  }
  return std::nullopt;
}

Results begin(const ActionContext& context, const std::vector<KeySource>& sources,
              postgres::KeyDatabase& database, Clock::time_point deadline) {
  // Of a load that was not gone on with.
  remove_load(context);
  KeyCollector collector(context);
  const KeyCounts counts = read_keys(context, sources, database, collector);
  if (collector.is_small() && is_serving(context)) {
    return upload(context, database, collector, counts);
  }
  LoadJob job = collector.stage();
  job.identity = identity_of(sources);
  job.counts = counts;
  job.max_key_length = context.key_load().max_key_length;
  write_file(context, key_load::readable_file("job.json", job_text(job)));
  return follow(context, database, std::move(job), deadline);
}

}  // namespace

Results LoadKeys::run(const ActionContext& context) const {
  require_leader(context);
  const auto deadline = Clock::now() + std::chrono::seconds(context.parameters.number("wait"));
  const std::vector<KeySource> sources = key_sources(context);
  const auto database = context.open_database();
  std::optional<LoadJob> job = earlier_job(context, identity_of(sources));
  return job ? follow(context, *database, std::move(*job), deadline)
             : begin(context, sources, *database, deadline);
}

}  // namespace charm::actions
