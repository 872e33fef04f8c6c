// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_job.hpp"

#include "actions/workload_files.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <utility>

namespace charm::actions {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadFile, path, list_path, keys)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeyCounts, files, keys, repeated, identical, known, blocked,
                                   unnameable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadJob, identity, counts, max_key_length, fresh, round, started,
                                   loaded, known, merged, tree_due, tree_asked, added, updated,
                                   refused, notes)

namespace {

constexpr std::size_t most_notes = 20;
constexpr std::string_view no_digest = "-";
/// Half a minute of uploads.
constexpr std::size_t most_held_keys = 2000;
constexpr std::size_t most_held_octets = 32UL << 20U;
/// The same number as in a file of hockeypuck-dump.
constexpr std::size_t most_keys_in_file = 15000;

/// Writes the form that read_list() reads.
std::string list_text(const std::vector<OfferedKey>& keys) {
  std::string text;
  for (const OfferedKey& key : keys) {
    text.append(key.fingerprint)
        .append(" ")
        .append(key.digest.empty() ? no_digest : std::string_view(key.digest))
        .append(" ")
        .append(std::to_string(key.size))
        .append("\n");
  }
  return text;
}

}  // namespace

std::optional<LoadJob> kept_job(const pebble::Client& pebble) {
  const auto text = find_file(pebble, std::string(key_load::job_path));
  if (!text) {
    return std::nullopt;
  }
  try {
    auto job = read_own_json(*text).get<LoadJob>();
    return job.merged <= job.known.size() ? std::optional(std::move(job)) : std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

bool needs_tree(const LoadJob& job) {
  const bool loading = !job.loaded && !job.fresh.empty();
  return !job.tree_asked && (job.tree_due || loading || job.added > 0);
}

File job_file(const LoadJob& job) {
  return key_load::readable_file("job.json", nlohmann::json(job).dump());
}

void save_job(ActionContext& context, const LoadJob& job) {
  write_file(context, job_file(job));
}

void remove_load(ActionContext& context) {
  const std::string directory(key_load::directory);
  context.perform(step::RemovePaths{.paths = {directory}, .recursive = true},
                  "cannot remove " + directory);
}

std::vector<OfferedKey> read_list(std::string_view text) {
  std::vector<OfferedKey> keys;
  for (const std::string_view line : words(text, "\n")) {
    const auto columns = words(line, " ");
    if (columns.size() == 3) {
      OfferedKey key{.fingerprint = std::string(columns[0]),
                     .digest = std::string(columns[1] == no_digest ? "" : columns[1])};
      std::from_chars(columns[2].data(), columns[2].data() + columns[2].size(), key.size);
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

void add_note(LoadJob& job, const std::string& fingerprint, const std::string& note) {
  if (job.notes.size() < most_notes) {
    job.notes.push_back(fingerprint + ": " + note);
  }
}

void add_refusal(LoadJob& job, const std::string& fingerprint, const std::string& reason) {
  ++job.refused;
  add_note(job, fingerprint, reason);
}

std::string refusal_of(const LoadJob& job, const OfferedKey& key) {
  const auto longest = static_cast<std::size_t>(job.max_key_length);
  return key.size > longest
             ? "it is longer than max-key-length, " + std::to_string(longest) + " bytes"
             : "the keyserver does not store it: most often for want of a valid self-signature";
}

LoadStaging::LoadStaging(ActionContext& context, std::string kind, std::size_t most_keys)
    : context_(context), kind_(std::move(kind)), most_keys_(most_keys) {}

void LoadStaging::add(const OfferedKey& key, std::string_view packets) {
  if (keys_.size() == most_keys_ || packets_.size() + packets.size() > longest_written_key_file) {
    write({});
  }
  keys_.push_back(key);
  packets_ += packets;
}

void LoadStaging::add_original(const std::string& path, const std::vector<OfferedKey>& keys) {
  write({});
  keys_ = keys;
  write(path);
}

std::vector<LoadFile> LoadStaging::finish() {
  write({});
  return std::move(files_);
}

void LoadStaging::write(const std::string& original) {
  if (keys_.empty()) {
    return;
  }
  const std::string name = kind_ + "-" + zero_padded(static_cast<std::int64_t>(files_.size()), 4);
  File list = key_load::readable_file(name + ".list", list_text(keys_));
  LoadFile file{.path = original, .list_path = list.path, .keys = keys_.size()};
  if (original.empty()) {
    File packets = key_load::readable_file(name + ".pgp", std::move(packets_));
    file.path = packets.path;
    write_file(context_, std::move(packets));
  }
  write_file(context_, std::move(list));
  files_.push_back(std::move(file));
  packets_.clear();
  keys_.clear();
}

KeyCollector::KeyCollector(ActionContext& context, std::vector<Directory> directories)
    : context_(context),
      directories_(std::move(directories)),
      fresh_(context, "fresh", most_keys_in_file),
      known_(context, "known", keys_in_request) {}

void KeyCollector::take(const SortedKeys& keys) {
  for (const SortedKeys::Entry& entry : keys.fresh) {
    add(entry, false);
  }
  for (const SortedKeys::Entry& entry : keys.known) {
    add(entry, true);
  }
}

void KeyCollector::add(const SortedKeys::Entry& entry, bool known) {
  if (!small_) {
    (known ? known_ : fresh_).add(entry.key, entry.packets);
    return;
  }
  held_.push_back({.key = entry.key, .packets = std::string(entry.packets), .known = known});
  octets_ += entry.packets.size();
  if (held_.size() > most_held_keys || octets_ > most_held_octets) {
    begin_staging();
  }
}

void KeyCollector::take_original(const std::string& path, const SortedKeys& keys) {
  begin_staging();
  std::vector<OfferedKey> offered;
  for (const SortedKeys::Entry& entry : keys.fresh) {
    offered.push_back(entry.key);
  }
  fresh_.add_original(path, offered);
}

LoadJob KeyCollector::stage() {
  begin_staging();
  return {.fresh = fresh_.finish(), .known = known_.finish()};
}

void KeyCollector::begin_staging() {
  if (!small_) {
    return;
  }
  small_ = false;
  context_.perform(step::PlaceFiles{.directories = directories_, .files = {}},
                   "cannot make a directory for the load");
  for (const Held& held : held_) {
    (held.known ? known_ : fresh_).add(held.key, held.packets);
  }
  held_.clear();
}

}  // namespace charm::actions
