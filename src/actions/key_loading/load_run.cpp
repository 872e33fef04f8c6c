// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_run.hpp"

#include "actions/workload_files.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/openpgp/armor.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace charm::actions {
namespace {

using KeySpan = std::span<const postgres::KeyPackets>;
using Refusals = std::map<std::string, std::string>;

std::size_t batch_of(KeySpan keys) {
  std::size_t count = 0;
  std::size_t octets = 0;
  while (count < keys.size() && count < keys_in_request &&
         (count == 0 || octets + keys[count].packets.size() <= octets_in_request)) {
    octets += keys[count].packets.size();
    ++count;
  }
  return count;
}

keyserver::Answer upload(ActionContext& context, KeySpan keys) {
  std::string packets;
  for (const postgres::KeyPackets& key : keys) {
    packets += key.packets;
  }
  auto answer = std::get<keyserver::Answer>(
      context.perform(step::UploadKeys{openpgp::armor(openpgp::ArmorType::public_key, packets)}));
  if (answer.status == 0) {
    throw Failure("the keyserver does not answer: " + answer.error +
                  "; run the action again to continue");
  }
  return answer;
}

/// If the keyserver refuses one key, it skips the rest of the request. The keys are then sent one
/// by one.
void upload_batch(ActionContext& context, KeySpan keys, Refusals& refusals) {
  const keyserver::Answer answer = upload(context, keys);
  if (answer.status == 200) {
    return;
  }
  if (keys.size() == 1) {
    refusals[keys.front().fingerprint] =
        "the keyserver refuses it with HTTP status " + std::to_string(answer.status);
    return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    upload_batch(context, keys.subspan(i, 1), refusals);
  }
}

/// Even a rebuild that is requested at the last moment gets this time to complete.
constexpr std::chrono::seconds least_wait_for_tree(30);

/// hockeypuck-load (2.3) skips the rest of a file after its 101st error.
constexpr std::size_t most_keys_at_last = 100;

const std::string service_name{key_load::service};

/// A crash of a Go program ends with its call stack.
constexpr int inspected_lines = 60;

std::vector<postgres::KeyPackets> keys_in(const std::string& packets) {
  std::vector<postgres::KeyPackets> keys;
  for (const openpgp::Certificate& certificate : openpgp::read_certificates(packets)) {
    keys.push_back({certificate.fingerprint, std::string(certificate.packets)});
  }
  return keys;
}

std::string large_file(const pebble::Client& pebble, const std::string& path) {
  auto content = find_file(pebble, path, longest_key_file);
  if (!content) {
    throw Failure("there is no " + path + " any more");
  }
  return std::move(*content);
}

/// For Pebble, a service that ends within a second has failed. But it was started.
bool was_started(const Refusal& refusal) {
  return refusal.by == Refusal::By::program && !refusal.reason.starts_with("cannot start service");
}

/// Starts it on these files. It may have ended already when this returns.
void start_service(const LoadDoors& doors, const std::vector<std::string>& paths) {
  const std::string purpose = "cannot start the load";
  doors.context.perform(step::PlaceFiles{doors.program.directories, doors.program.files}, purpose);
  doors.context.perform(step::AddLayer{std::string(key_load::layer_label), key_load::layer(paths)},
                        purpose);
  const Answer started = doors.context.attempt(step::StartService{service_name});
  const auto* refusal = std::get_if<Refusal>(&started);
  if (refusal != nullptr && !was_started(*refusal)) {
    fail(purpose, *refusal);
  }
}

/// Returns the message in a log line of Hockeypuck, or the line itself if it has another form.
std::string message_of(const std::string& line) {
  constexpr std::string_view mark = " msg=";
  const std::size_t found = line.find(mark);
  if (found == std::string::npos) {
    return line;
  }
  std::string message = line.substr(found + mark.size());
  if (!message.starts_with('"')) {
    return message.substr(0, message.find(' '));
  }
  std::string text;
  for (std::size_t at = 1; at < message.size() && message[at] != '"'; ++at) {
    at += message[at] == '\\' && at + 1 < message.size() ? 1U : 0U;
    text += message[at];
  }
  return text;
}

}  // namespace

Refusals upload_keys(ActionContext& context, const std::vector<postgres::KeyPackets>& keys) {
  Refusals refusals;
  std::size_t done = 0;
  for (KeySpan left(keys); !left.empty();) {
    const std::size_t count = batch_of(left);
    upload_batch(context, left.first(count), refusals);
    left = left.subspan(count);
    done += count;
    if (keys.size() > keys_in_request) {
      context.doors.juju.action_log("uploaded " + std::to_string(done) + " of " +
                                    std::to_string(keys.size()) + " keys");
    }
  }
  return refusals;
}

std::string load_state(const pebble::Client& pebble) {
  std::string state;
  with_pebble("cannot look at the load", [&] { state = pebble.service_state(service_name); });
  return state;
}

std::string last_output_of_load(const pebble::Client& pebble) {
  std::string words;
  with_pebble("cannot read the log of the load",
              [&] { words = pebble::last_output(pebble.logs({service_name}, inspected_lines)); });
  return message_of(words);
}

LoadRun::LoadRun(const LoadDoors& doors, LoadJob job)
    : doors_(doors), job_(std::move(job)), progress_timer_(doors_.clock) {}

LoadOutcome LoadRun::follow(std::chrono::sys_seconds deadline) {
  for (;;) {
    const bool loading = advance_fresh();
    // Later states of a new key are merged with the first, because hockeypuck-load changes no
    // stored key.
    const bool merging = !loading && merge_some();
    if (!loading && !merging) {
      break;
    }
    if (doors_.clock.now() >= deadline) {
      return {.under_way = progress()};
    }
    log_progress();
    if (!merging) {
      doors_.clock.pause();
    }
  }
  if (job_.merged < job_.known.size()) {
    throw Failure(
        "the keyserver does not serve: the keys that are stored already were not brought up to "
        "date; run the action again when it does");
  }
  return finish(deadline);
}

bool LoadRun::advance_fresh() {
  if (job_.loaded || job_.fresh.empty()) {
    return false;
  }
  const std::string state = load_state(doors_.pebble);
  if (state == "active") {
    return true;
  }
  if (!job_.started || state.empty()) {
    start_round();
  } else if (state == "inactive") {
    end_round();
  } else {
    job_.started = false;
    job_.tree_due = true;
    save_job(doors_.context, job_);
    throw Failure("hockeypuck-load ended with an error: " + last_output_of_load(doors_.pebble) +
                  "; run the action again to continue");
  }
  return !job_.loaded;
}

/// Files whose keys are all stored are done: an earlier run was interrupted.
void LoadRun::start_round() {
  std::vector<std::string> paths;
  for (const LoadFile& file : job_.fresh) {
    if (!missing_keys(file).empty()) {
      paths.push_back(file.path);
    }
  }
  if (paths.empty()) {
    end_round();
    return;
  }
  doors_.juju.action_log("loading " + std::to_string(paths.size()) + " files with hockeypuck-load");
  start_service(doors_, paths);
  job_.started = true;
  save_job(doors_.context, job_);
}

void LoadRun::end_round() {
  LoadStaging staging(doors_.context, "again", most_keys_at_last);
  for (const LoadFile& file : job_.fresh) {
    std::vector<OfferedKey> missing = missing_keys(file);
    job_.added += file.keys - missing.size();
    job_.counts.blocked += take_blocked(doors_.database, missing);
    if (job_.round == 1 && !missing.empty()) {
      stage_again(file, missing, staging);
      continue;
    }
    for (const OfferedKey& key : missing) {
      add_refusal(job_, key.fingerprint, refusal_of(job_, key));
    }
  }
  job_.fresh = staging.finish();
  job_.loaded = job_.fresh.empty();
  job_.started = false;
  ++job_.round;
  save_job(doors_.context, job_);
}

std::vector<OfferedKey> LoadRun::missing_keys(const LoadFile& file) const {
  return missing_among(doors_.database, read_list(read_file(doors_.pebble, file.list_path)));
}

void LoadRun::stage_again(const LoadFile& file, const std::vector<OfferedKey>& keys,
                          LoadStaging& staging) const {
  std::set<std::string> wanted;
  for (const OfferedKey& key : keys) {
    wanted.insert(key.fingerprint);
  }
  const std::string packets = large_file(doors_.pebble, file.path);
  for (const openpgp::Certificate& each : openpgp::read_certificates(packets)) {
    if (wanted.erase(each.fingerprint) != 0) {
      staging.add({.fingerprint = each.fingerprint, .size = each.packets.size()}, each.packets);
    }
  }
}

bool LoadRun::merge_some() {
  if (job_.merged == job_.known.size() || doors_.keyserver.health() != KeyserverHealth::serving) {
    return false;
  }
  const LoadFile& file = job_.known[job_.merged];
  const std::vector<OfferedKey> keys = read_list(read_file(doors_.pebble, file.list_path));
  for (const auto& [fingerprint, reason] :
       upload_keys(doors_.context, keys_in(read_file(doors_.pebble, file.path)))) {
    add_note(job_, fingerprint, "not merged: " + reason);
  }
  job_.updated += updated_keys(doors_.database, keys);
  ++job_.merged;
  save_job(doors_.context, job_);
  return true;
}

/// The tree has no digests of keys that bypassed the keyserver. A rebuild that is under way does
/// not count: it began before the last key was stored.
prefix_tree::Outcome LoadRun::rebuild_tree(std::chrono::sys_seconds deadline) {
  const auto ask = [&] {
    const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - doors_.clock.now());
    return doors_.context.rebuild_tree("keys were loaded", std::max(left, least_wait_for_tree));
  };
  prefix_tree::Outcome outcome = ask();
  if (outcome.under_way && outcome.rebuilt) {
    outcome = ask();
  }
  if (!outcome.under_way) {
    job_.tree_asked = true;
    save_job(doors_.context, job_);
  }
  return outcome;
}

LoadOutcome LoadRun::finish(std::chrono::sys_seconds deadline) {
  LoadOutcome outcome;
  if (needs_tree(job_)) {
    const prefix_tree::Outcome tree = rebuild_tree(deadline);
    if (tree.under_way) {
      return {.under_way = tree.status};
    }
    outcome.tree = tree.rebuilt ? "rebuilt" : tree.status;
  }
  remove_load(doors_.context);
  return outcome;
}

std::string LoadRun::progress() const {
  if (!job_.loaded && !job_.fresh.empty()) {
    return "hockeypuck-load: " + last_output_of_load(doors_.pebble);
  }
  return "brought " + std::to_string(job_.merged) + " of " + std::to_string(job_.known.size()) +
         " batches of stored keys up to date";
}

void LoadRun::log_progress() {
  if (!progress_timer_.is_due()) {
    return;
  }
  std::string now = progress();
  if (now != last_progress_) {
    doors_.juju.action_log(now);
    last_progress_ = std::move(now);
  }
}

}  // namespace charm::actions
