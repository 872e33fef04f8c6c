// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/block_list.hpp"

#include "actions/actions.hpp"
#include "actions/block_list/key_deletion.hpp"
#include "actions/results.hpp"
#include "actions/workload_files.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/domain/layer.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace charm::actions {
namespace {

// These sentences are the Python charm's, for scripts that compare them. That charm did not block
// an absent key. This one does, and reports the number as `blocked-in-advance`.
constexpr const char* done = "Deleted and blocked successfully.";
constexpr const char* absent = "Fingerprint unavailable in the database.";
constexpr const char* malformed =
    "Invalid fingerprint format. Fingerprints must be 40 or 64 characters long and consist of "
    "hexadecimal characters only.";
constexpr const char* administrator =
    "Refused: this key administrates the keyserver. Take it out of the option admin-keys, or run "
    "rotate-admin-key, first.";

using Keys = std::vector<postgres::ResolvedKey>;

/// Removes the keys that must not be blocked and returns them.
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

void list_each(const Report& report, Results& results) {
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
  if (report.blocked.size() + report.administrators.size() + report.malformed.size() <=
      most_listed) {
    list_each(report, results);
  }
  return results;
}

/// Returns the keys that were blocked before, sorted.
std::vector<std::string> unblock(const OpenedDatabase& opened,
                                 const std::vector<std::string>& fingerprints) {
  return std::get<Names>(opened.context.perform(step::UnblockKeys{opened.server, fingerprints}))
      .value;
}

/// The number of entries that are blocked in one transaction.
constexpr std::size_t entries_in_batch = 10000;

/// Throws Failure that names the first wrong line. Returns the number of entries.
std::size_t count_entries(std::string_view text) {
  try {
    std::size_t count = 0;
    for (BlockListReader reader(text); reader.next();) {
      ++count;
    }
    return count;
  } catch (const InputError& error) {
    throw Failure(std::string("nothing was blocked: ") + error.what());
  }
}

/// The result of blocking the entries of a text.
struct Import {
  std::size_t entries = 0;
  std::size_t added = 0;
  std::size_t refused = 0;  ///< Keys of administrators. A keyserver without them takes no request.
};

/// Blocks the entries of a correct text in batches. After a fault, the next run continues: an entry
/// that is blocked already costs little.
class Importer {
 public:
  Importer(const OpenedDatabase& opened, std::size_t total) : opened_(opened), total_(total) {
    for (const std::string& fingerprint : opened.context.plan().admin_fingerprints) {
      administrators_.insert(fingerprint);
    }
  }

  Import run(std::string_view text) {
    BlockListReader reader(text);
    while (const auto line = reader.next()) {
      ++import_.entries;
      if (administrators_.count(line->entry.fingerprint) != 0) {
        ++import_.refused;
        continue;
      }
      batch_.append(line->text).append("\n");
      if (++in_batch_ == entries_in_batch) {
        flush();
      }
    }
    flush();
    return import_;
  }

 private:
  void flush() {
    if (in_batch_ == 0) {
      return;
    }
    const ActionContext& context = opened_.context;
    const auto import = std::get<postgres::BlockListImport>(opened_.context.perform(
        step::ImportBlockList{opened_.server, std::move(batch_), context.unit}));
    import_.added += import.added;
    batch_.clear();
    in_batch_ = 0;
    if (total_ > entries_in_batch) {
      context.doors.juju.action_log("blocked " + std::to_string(import_.entries) + " of " +
                                    std::to_string(total_) + " entries");
    }
  }

  const OpenedDatabase& opened_;
  std::size_t total_;
  std::set<std::string> administrators_;
  std::string batch_;
  std::size_t in_batch_ = 0;
  Import import_;
};

/// An earlier block list is replaced, but no other file.
void require_no_other_file(const pebble::Client& pebble, const std::string& path) {
  const auto content = find_file(pebble, path, longest_key_file);
  if (content && !content->starts_with(block_list_header)) {
    throw Failure(path + " exists and is not a block list: give another path");
  }
}

}  // namespace

void require_leader(const juju::HookTools& juju, const std::string& unit) {
  if (!juju.is_leader()) {
    throw Failure(
        "only the leader may change keys, because it reconciles with other keyservers: run it on " +
        unit.substr(0, unit.find('/')) + "/leader");
  }
}

Results run_block_keys(ActionContext& context) {
  require_leader(context.doors.juju, context.unit);
  const TypedFingerprints typed = typed_fingerprints(context.parameters.text("fingerprints"));
  Report report{.malformed = typed.malformed};
  if (!typed.fingerprints.empty()) {
    const OpenedDatabase opened(context);
    report.blocked = opened.database.resolve(typed.fingerprints);
    report.administrators = take_administrators(context.plan().admin_fingerprints, report.blocked);
    const std::vector<std::string> keys = primaries(report.blocked);
    const auto blocking = std::get<postgres::Blocking>(context.perform(
        step::BlockKeys{opened.server, keys, context.parameters.text("comment"), context.unit}));
    report.deletion = delete_keys(opened, blocking, keys);
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
  const std::vector<std::string> unblocked = unblock(OpenedDatabase(context), typed.fingerprints);
  Results results = {{"unblocked", std::to_string(unblocked.size())},
                     {"not-blocked", std::to_string(typed.fingerprints.size() - unblocked.size())},
                     {"invalid", std::to_string(typed.malformed.size())}};
  if (typed.fingerprints.size() > most_listed) {
    return results;
  }
  for (const std::string& fingerprint : typed.fingerprints) {
    const bool was = std::binary_search(unblocked.begin(), unblocked.end(), fingerprint);
    results[fingerprint] = was ? "Unblocked." : "It was not blocked. For a subkey, give the key.";
  }
  for (const std::string& item : typed.malformed) {
    results[result_key(item)] = "Invalid fingerprint format.";
  }
  return results;
}

Results run_list_blocked_keys(ActionContext& context) {
  const std::int64_t limit = context.parameters.number("limit", 1, 1000);
  const std::int64_t offset =
      context.parameters.number("offset", 0, std::numeric_limits<std::int64_t>::max());
  const postgres::BlockListPage page =
      context.open_database().database.block_list(context.parameters.text("filter"), limit, offset);
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
  const std::int64_t left = page.total - offset - shown;
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
  const std::string text =
      read_file(context.doors.pebble, context.parameters.text("path"), longest_key_file);
  const std::size_t total = count_entries(text);
  const OpenedDatabase opened(context);
  const Import import = Importer(opened, total).run(text);
  const postgres::Blocking blocking = opened.database.await_earlier_writers();
  const Deletion deletion = delete_blocked_keys(opened, blocking);
  Results results = {{"entries", std::to_string(import.entries)},
                     {"added", std::to_string(import.added)},
                     {"deleted", std::to_string(deletion.deleted.size())},
                     {"refused", std::to_string(import.refused)}};
  require_deleted(deletion, results);
  return results;
}

Results run_export_block_list(ActionContext& context) {
  const std::string path = path_to_write(context, "path");
  require_no_other_file(context.doors.pebble, path);
  std::string text;
  context.open_database().database.export_block_list(
      [&text](std::string_view piece) { text += piece; });
  const std::size_t bytes = text.size();
  write_file(context, {.path = path, .content = std::move(text), .mode = 0600});
  return {{"path", path}, {"bytes", std::to_string(bytes)}};
}

}  // namespace charm::actions
