// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/block_list.hpp"

#include "actions/actions.hpp"
#include "actions/results.hpp"
#include "actions/workload_files.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/domain/layer.hpp"
#include "key_deletion.hpp"

#include <algorithm>
#include <set>

namespace charm::actions {
namespace {

// The sentences for the cases that the Python charm knows are its own, for those who compare them.
// It did not block an absent key; that this one does, the number `blocked-in-advance` says.
constexpr const char* done = "Deleted and blocked successfully.";
constexpr const char* absent = "Fingerprint unavailable in the database.";
constexpr const char* malformed =
    "Invalid fingerprint format. Fingerprints must be 40 or 64 characters long and consist of "
    "hexadecimal characters only.";
constexpr const char* administrator =
    "Refused: this key administrates the keyserver. Take it out of the option admin-keys, or run "
    "rotate-admin-key, first.";

using Keys = std::vector<postgres::ResolvedKey>;

/// Takes the keys out that must not be blocked.
Keys take_administrators(const std::vector<std::string>& fingerprints, Keys& keys) {
  const auto refused =
      std::stable_partition(keys.begin(), keys.end(), [&](const postgres::ResolvedKey& key) {
        return std::find(fingerprints.begin(), fingerprints.end(), key.primary) ==
               fingerprints.end();
      });
  Keys administrators(refused, keys.end());
  keys.erase(refused, keys.end());
  return administrators;
}

std::vector<std::string> primaries(const Keys& keys) {
  std::set<std::string> fingerprints;
  for (const postgres::ResolvedKey& key : keys) {
    fingerprints.insert(key.primary);
  }
  return {fingerprints.begin(), fingerprints.end()};
}

std::string sentence(const postgres::ResolvedKey& key, const Deletion& deletion) {
  if (deletion.remaining.count(key.primary) != 0) {
    return "Blocked, but not deleted: " + deletion.reason;
  }
  const std::string text = key.present || deletion.deleted.count(key.primary) != 0 ? done : absent;
  return key.asked == key.primary ? text : text + " It is a subkey of " + key.primary + ".";
}

struct Report {
  Keys blocked;
  Keys administrators;
  std::vector<std::string> malformed;
  Deletion deletion;
};

void tell_each(const Report& report, Results& results) {
  for (const postgres::ResolvedKey& key : report.blocked) {
    results[key.asked] = sentence(key, report.deletion);
  }
  for (const postgres::ResolvedKey& key : report.administrators) {
    results[key.asked] = administrator;
  }
  for (const std::string& item : report.malformed) {
    results[result_key(item)] = malformed;
  }
}

std::size_t absent_among(const Keys& keys) {
  return static_cast<std::size_t>(
      std::count_if(keys.begin(), keys.end(), [](const auto& key) { return !key.present; }));
}

Results results_of(const Report& report) {
  Results results = {{"blocked", std::to_string(report.blocked.size())},
                     {"blocked-in-advance", std::to_string(absent_among(report.blocked))},
                     {"deleted", std::to_string(report.deletion.deleted.size())},
                     {"invalid", std::to_string(report.malformed.size())},
                     {"refused", std::to_string(report.administrators.size())}};
  if (report.blocked.size() + report.administrators.size() + report.malformed.size() <= most_told) {
    tell_each(report, results);
  }
  return results;
}

/// Stored keys that are looked for, and deleted, at once.
constexpr std::int64_t most_at_once = 1000;

/// Until none is left, or one stays.
Deletion delete_stored(const DeletionDoors& doors) {
  Deletion all;
  while (all.remaining.empty()) {
    const std::vector<std::string> stored = doors.database.stored_blocked_keys(most_at_once);
    if (stored.empty()) {
      break;
    }
    Deletion some = delete_keys(doors, stored);
    all.deleted.merge(some.deleted);
    all.remaining = some.remaining;
    all.reason = some.reason;
  }
  return all;
}

DeletionDoors deletion_doors(ActionContext& context, postgres::KeyDatabase& database) {
  return {.database = database, .context = context};
}

}  // namespace

Results run_block_keys(ActionContext& context) {
  require_leader(context.doors.juju, context.unit);
  const TypedFingerprints typed = typed_fingerprints(context.parameters.text("fingerprints"));
  Report report{.malformed = typed.malformed};
  if (!typed.fingerprints.empty()) {
    const auto database = context.open_database();
    report.blocked = database->resolve(typed.fingerprints);
    report.administrators = take_administrators(context.plan().admin_fingerprints, report.blocked);
    const std::vector<std::string> keys = primaries(report.blocked);
    const postgres::Blocking blocking =
        database->block(keys, context.parameters.text("comment"), context.unit);
    report.deletion = delete_blocked_keys(deletion_doors(context, *database), blocking, keys);
  }
  Results results = results_of(report);
  require_deleted(report.deletion, results);
  if (report.blocked.empty()) {
    throw Failure("no key was blocked", results);
  }
  return results;
}

Results run_unblock_keys(ActionContext& context) {
  const TypedFingerprints typed = typed_fingerprints(context.parameters.text("fingerprints"));
  if (typed.fingerprints.empty()) {
    throw Failure(
        "the parameter fingerprints has no full fingerprint: 40 or 64 hexadecimal digits");
  }
  const auto database = context.open_database();
  const std::vector<std::string> unblocked = database->unblock(typed.fingerprints);
  Results results = {{"unblocked", std::to_string(unblocked.size())},
                     {"not-blocked", std::to_string(typed.fingerprints.size() - unblocked.size())},
                     {"invalid", std::to_string(typed.malformed.size())}};
  if (typed.fingerprints.size() > most_told) {
    return results;
  }
  for (const std::string& fingerprint : typed.fingerprints) {
    const bool was = std::binary_search(unblocked.begin(), unblocked.end(), fingerprint);
    results[fingerprint] = was ? "Unblocked." : "It was not blocked.";
  }
  for (const std::string& item : typed.malformed) {
    results[result_key(item)] = "Invalid fingerprint format.";
  }
  return results;
}

Results run_list_blocked_keys(ActionContext& context) {
  const auto database = context.open_database();
  const postgres::BlockListPage page =
      database->block_list(context.parameters.text("filter"), context.parameters.number("limit"),
                           context.parameters.number("offset"));
  std::string keys(block_list_header);
  std::int64_t shown = 0;
  for (const BlockedKey& entry : page.entries) {
    const std::string line = "\n" + block_list_line(entry);
    if (keys.size() + line.size() > longest_result) {
      break;
    }
    keys += line;
    ++shown;
  }
  const std::int64_t left = page.total - context.parameters.number("offset") - shown;
  Results results = {
      {"total", std::to_string(page.total)}, {"shown", std::to_string(shown)}, {"keys", keys}};
  if (left > 0) {
    results["more"] =
        std::to_string(left) + " further entries: raise limit or offset, or run export-block-list";
  }
  return results;
}

Results run_import_block_list(ActionContext& context) {
  require_leader(context.doors.juju, context.unit);
  const std::string text = read_file(context.doors.pebble, context.parameters.text("path"));
  const auto database = context.open_database();
  postgres::BlockListImport import;
  try {
    import = database->import_block_list(text, context.unit);
  } catch (const InputError& error) {
    throw Failure(std::string("nothing was blocked: ") + error.what());
  }
  // A keyserver without its administrators' keys takes no request.
  const std::vector<std::string> refused = database->unblock(context.plan().admin_fingerprints);
  const Deletion deletion = delete_stored(deletion_doors(context, *database));
  Results results = {{"entries", std::to_string(import.entries)},
                     {"added", std::to_string(import.added)},
                     {"deleted", std::to_string(deletion.deleted.size())},
                     {"refused", std::to_string(refused.size())}};
  require_deleted(deletion, results);
  return results;
}

Results run_export_block_list(ActionContext& context) {
  const auto database = context.open_database();
  std::string text;
  database->export_block_list([&text](std::string_view piece) { text += piece; });
  const File file{.path = context.parameters.text("path"), .content = text, .mode = 0600};
  write_file(context.doors.pebble, file);
  return {{"path", file.path}, {"bytes", std::to_string(text.size())}};
}

}  // namespace charm::actions
