// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_round.hpp"

#include "load_staging.hpp"
#include "workload_files.hpp"

#include <algorithm>
#include <set>

namespace charm::actions {
namespace {

/// hockeypuck-load (2.3) passes over the rest of a file after its 101st error.
constexpr std::size_t most_keys_at_last = 100;

std::vector<std::string> fingerprints_of(const std::vector<OfferedKey>& keys) {
  std::vector<std::string> fingerprints;
  fingerprints.reserve(keys.size());
  for (const OfferedKey& key : keys) {
    fingerprints.push_back(key.fingerprint);
  }
  return fingerprints;
}

std::string large_file(const ActionContext& context, const std::string& path) {
  std::optional<std::string> content;
  with_pebble("cannot read " + path,
              [&] { content = context.pebble.read(path, longest_key_file); });
  if (!content) {
    throw Failure("there is no " + path + " any more");
  }
  return std::move(*content);
}

void stage_again(const ActionContext& context, const LoadFile& file,
                 const std::vector<OfferedKey>& keys, LoadStaging& staging) {
  std::set<std::string> wanted;
  for (const OfferedKey& key : keys) {
    wanted.insert(key.fingerprint);
  }
  const std::string packets = large_file(context, file.path);
  for (const openpgp::Certificate& each : openpgp::read_certificates(packets)) {
    if (wanted.erase(each.fingerprint) != 0) {
      staging.add({.fingerprint = each.fingerprint, .size = each.packets.size()}, each.packets);
    }
  }
}

void refuse(const std::vector<OfferedKey>& keys, LoadJob& job) {
  for (const OfferedKey& key : keys) {
    add_refusal(job, key.fingerprint, refusal_of(job, key));
  }
}

}  // namespace

std::vector<OfferedKey> missing_keys(const ActionContext& context, postgres::KeyDatabase& database,
                                     const LoadFile& file) {
  return missing_among(database, read_list(read_file(context, file.list_path)));
}

std::vector<OfferedKey> missing_among(postgres::KeyDatabase& database,
                                      const std::vector<OfferedKey>& keys) {
  const std::vector<std::string> stored = database.digests(fingerprints_of(keys));
  std::vector<OfferedKey> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (stored[i].empty()) {
      missing.push_back(keys[i]);
    }
  }
  return missing;
}

void take_blocked(postgres::KeyDatabase& database, std::vector<OfferedKey>& keys, LoadJob& job) {
  const std::vector<std::string> blocked = blocked_of(database, fingerprints_of(keys));
  job.counts.blocked += blocked.size();
  std::erase_if(keys, [&blocked](const OfferedKey& key) {
    return std::binary_search(blocked.begin(), blocked.end(), key.fingerprint);
  });
}

std::size_t updated_keys(postgres::KeyDatabase& database, const std::vector<OfferedKey>& keys) {
  const std::vector<std::string> stored = database.digests(fingerprints_of(keys));
  std::size_t updated = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool was_and_is = !keys[i].digest.empty() && !stored[i].empty();
    updated += was_and_is && keys[i].digest != stored[i] ? 1U : 0U;
  }
  return updated;
}

std::string refusal_of(const LoadJob& job, const OfferedKey& key) {
  const auto longest = static_cast<std::size_t>(job.max_key_length);
  return key.size > longest
             ? "it is longer than max-key-length, " + std::to_string(longest) + " bytes"
             : "the keyserver does not store it: most often for want of a valid self-signature";
}

void settle_round(const ActionContext& context, postgres::KeyDatabase& database, LoadJob& job) {
  LoadStaging staging(context, "again", most_keys_at_last);
  for (const LoadFile& file : job.fresh) {
    std::vector<OfferedKey> missing = missing_keys(context, database, file);
    job.added += file.keys - missing.size();
    take_blocked(database, missing, job);
    if (job.round == 1 && !missing.empty()) {
      stage_again(context, file, missing, staging);
    } else {
      refuse(missing, job);
    }
  }
  job.fresh = staging.finish();
  job.loaded = job.fresh.empty();
  job.started = false;
  ++job.round;
}

}  // namespace charm::actions
