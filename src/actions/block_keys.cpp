// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/block_keys.hpp"

#include "charm/domain/fingerprints.hpp"
#include "key_deletion.hpp"
#include "results.hpp"

#include <algorithm>
#include <set>

namespace charm::actions {
namespace {

// The sentences for the cases that the Python charm knows are its own, for those who compare them.
// It did not block an absent key; that this one does tells a number.
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
Keys take_administrators(const ActionContext& context, Keys& keys) {
  const std::vector<std::string> fingerprints = context.admin_fingerprints();
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

}  // namespace

Results BlockKeys::run(const ActionContext& context) const {
  require_leader(context);
  const TypedFingerprints typed = typed_fingerprints(context.parameters.text("fingerprints"));
  Report report{.malformed = typed.malformed};
  if (!typed.fingerprints.empty()) {
    const auto database = context.open_database();
    report.blocked = database->resolve(typed.fingerprints);
    report.administrators = take_administrators(context, report.blocked);
    const std::vector<std::string> keys = primaries(report.blocked);
    const postgres::Blocking blocking =
        database->block(keys, context.parameters.text("comment"), context.unit);
    report.deletion = delete_blocked_keys(context, *database, blocking, keys);
  }
  Results results = results_of(report);
  require_deleted(report.deletion, results);
  if (report.blocked.empty()) {
    throw Failure("no key was blocked", results);
  }
  return results;
}

}  // namespace charm::actions
