// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions/actions.hpp"
#include "actions/results.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/openpgp/certificate.hpp"
#include "key_sources.hpp"
#include "load_run.hpp"

#include <chrono>
#include <variant>

namespace charm::actions {
namespace {

/// From this number on, hockeypuck-load (2.3) stores the keys of a file immediately.
constexpr std::size_t least_keys_in_original = 3500;

/// Sorts the keys of one file and collects those to offer. Throws InputError if it is not a file of
/// keys.
void collect(std::string content, const KeySource& source, KeySorter& sorter,
             KeyCollector& collector) {
  const bool binary = openpgp::is_binary(content);
  const std::string packets = openpgp::key_packets(std::move(content));
  const auto certificates = openpgp::read_certificates(packets);
  if (certificates.empty()) {
    throw InputError("there is no key in it");
  }
  const SortedKeys keys = sorter.sort(certificates);
  const bool all_fresh = keys.fresh.size() == certificates.size();
  if (all_fresh && binary && !source.is_url && certificates.size() >= least_keys_in_original &&
      key_load::is_plain_path(source.name)) {
    collector.take_original(source.name, keys);
  } else {
    collector.take(keys);
  }
}

/// Reads all files, sorts their keys, and collects those to offer. Throws Failure that names every
/// file without public keys.
KeyCounts read_keys(const LoadDoors& doors, const std::vector<KeySource>& sources,
                    KeyCollector& collector) {
  KeySorter sorter(doors.database);
  Results troubles;
  for (const KeySource& source : sources) {
    try {
      collect(content_of(source, doors.context), source, sorter, collector);
    } catch (const InputError& error) {
      troubles[result_key(source.name)] = source.name + ": " + error.what();
    }
  }
  if (!troubles.empty()) {
    throw Failure(
        "nothing was loaded, because not all files are files of public keys: " +
            troubles.begin()->second +
            (troubles.size() > 1 ? ", and " + std::to_string(troubles.size() - 1) + " more" : ""),
        troubles);
  }
  return sorter.counts();
}

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

/// Continues a load on the storage.
Results follow(const LoadDoors& doors, LoadJob job, std::chrono::sys_seconds deadline) {
  LoadRun run(doors, std::move(job));
  try {
    const LoadOutcome outcome = run.follow(deadline);
    Results results = results_of(run.job());
    if (!outcome.under_way.empty()) {
      results["status"] = "under way: " + outcome.under_way +
                          "; run the action again with the same files to see the result";
    }
    if (!outcome.tree.empty()) {
      results["prefix-tree"] = outcome.tree;
    }
    return results;
  } catch (const Failure& failure) {
    throw Failure(failure.what(), results_of(run.job()));
  }
}

/// Counts the results of the keys that were uploaded.
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
  job.counts.blocked += take_blocked(database, missing);
  for (const OfferedKey& key : missing) {
    const auto refusal = refusals.find(key.fingerprint);
    add_refusal(job, key.fingerprint,
                refusal == refusals.end() ? refusal_of(job, key) : refusal->second);
  }
}

Results upload(const LoadDoors& doors, const KeyCollector& collector, const KeyCounts& counts) {
  std::vector<postgres::KeyPackets> keys;
  for (const KeyCollector::Held& each : collector.held()) {
    keys.push_back({each.key.fingerprint, each.packets});
  }
  const auto refusals = upload_keys(doors.context, keys);
  LoadJob job{.counts = counts, .max_key_length = doors.program.max_key_length};
  count_uploaded(doors.database, collector.held(), refusals, job);
  return results_of(job);
}

void require_no_other_load(const pebble::Client& pebble) {
  if (load_state(pebble) == "active") {
    throw Failure("another load is under way: " + last_output_of_load(pebble) +
                  "; run the action again with the files of that load to see the result");
  }
}

/// Collects the keys of all files. Uploads them if they are few and no rebuild of the prefix tree
/// is due, and returns the results. Else returns the job with the files for hockeypuck-load.
std::variant<Results, LoadJob> prepare(const LoadDoors& doors,
                                       const std::vector<KeySource>& sources, bool tree_due) {
  KeyCollector collector(doors.context, doors.program.directories);
  const KeyCounts counts = read_keys(doors, sources, collector);
  if (!tree_due && collector.is_small() && doors.keyserver.health() == KeyserverHealth::serving) {
    return upload(doors, collector, counts);
  }
  LoadJob job = collector.stage();
  job.tree_due = tree_due;
  job.identity = identity_of(sources);
  job.counts = counts;
  job.max_key_length = doors.program.max_key_length;
  save_job(doors.context, job);
  return job;
}

/// Keeps only one fact of an earlier load: the prefix tree must be rebuilt.
step::PlaceFiles due_tree(const LoadDoors& doors) {
  return {doors.program.directories, {job_file({.tree_due = true})}};
}

/// `tree_due`: an earlier load, which this one replaces, needs a rebuild of the prefix tree.
Results begin(const LoadDoors& doors, const std::vector<KeySource>& sources, bool tree_due,
              std::chrono::sys_seconds deadline) {
  remove_load(doors.context);  // An earlier load may have left files.
  std::variant<Results, LoadJob> prepared;
  try {
    if (tree_due) {
      doors.context.perform(due_tree(doors), "cannot begin the load");
    }
    prepared = prepare(doors, sources, tree_due);
  } catch (const std::exception&) {
    // The storage may be full.
    doors.context.attempt(step::RemovePaths{{std::string(key_load::directory)}, true});
    if (tree_due) {
      doors.context.attempt(due_tree(doors));
    }
    throw;
  }
  auto* job = std::get_if<LoadJob>(&prepared);
  return job == nullptr ? std::get<Results>(std::move(prepared))
                        : follow(doors, std::move(*job), deadline);
}

void require_option_for_new_keys(ActionContext& context) {
  if (const Uploads uploads = context.plan().uploads.uploads; uploads != Uploads::all) {
    throw Failure(std::string("the option uploads is ") + to_string(uploads) +
                  ", so no new key can be stored: set uploads=all first");
  }
}

/// The database follows the option only when a hook of the leader has run.
void require_database_for_new_keys(postgres::KeyDatabase& database) {
  if (const std::string uploads = database.enforced_uploads(); uploads != to_string(Uploads::all)) {
    throw Failure("the database still enforces uploads=" + uploads +
                  ", so no new key can be stored: the next hook of the leader sets uploads=all; "
                  "run the action again after it");
  }
}

}  // namespace

Results run_load_keys(ActionContext& context) {
  require_leader(context.doors.juju, context.unit);
  require_option_for_new_keys(context);
  const auto deadline =
      context.doors.clock.now() + std::chrono::seconds(context.parameters.number("wait"));
  const std::vector<KeySource> sources = key_sources(context.parameters, context.doors.pebble);
  postgres::KeyDatabase& database = context.open_database().database;
  require_database_for_new_keys(database);
  std::optional<LoadJob> earlier = kept_job(context.doors.pebble);
  const bool is_same = earlier && earlier->identity == identity_of(sources);
  if (!is_same) {
    require_no_other_load(context.doors.pebble);
  }
  const LoadDoors doors{{context.doors}, database, context.key_load(), context};
  return is_same ? follow(doors, std::move(*earlier), deadline)
                 : begin(doors, sources, earlier && needs_tree(*earlier), deadline);
}

}  // namespace charm::actions
