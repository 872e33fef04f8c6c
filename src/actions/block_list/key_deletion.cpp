// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions/block_list/key_deletion.hpp"

#include "actions/actions.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

/// The number of keys in one request: few enough for an answer within a second, enough to make one
/// signature cheap.
constexpr std::size_t keys_in_deletion = 50;

/// With a tenth of a second between two checks.
constexpr int looks_at_earlier_uploads = 300;

using Packets = std::vector<std::string>;

/// Tells how many keys are deleted.
class Progress {
 public:
  explicit Progress(const Doors& doors) : doors_(doors), timer_(doors.clock) {}

  void add(std::size_t keys) {
    deleted_ += keys;
    if (timer_.is_due()) {
      doors_.juju.action_log("deleted " + std::to_string(deleted_) + " keys so far");
    }
  }

 private:
  const Doors& doors_;
  ProgressTimer timer_;
  std::size_t deleted_ = 0;
};

std::string refusal(const keyserver::Answer& answer) {
  return answer.status == 0 ? "the keyserver does not answer: " + answer.error
                            : "the keyserver refuses with HTTP status " +
                                  std::to_string(answer.status) + ", see juju debug-log";
}

/// Sends one signed request. Returns the reason if it failed, or nothing.
std::string request_deletion(const OpenedDatabase& opened, const openpgp::AdminKey& key,
                             const Packets& packets) {
  const openpgp::SignedRequest request =
      openpgp::delete_request(key, packets, opened.context.doors.clock.now());
  const auto answer = std::get<keyserver::Answer>(
      opened.context.perform(step::DeleteKeys{request.keytext, request.keysig}));
  // 404: another request deleted one of them first, and the server stopped there.
  if (answer.status == 404 && packets.size() > 1) {
    std::string reason;
    for (const std::string& packet : packets) {
      const std::string other = request_deletion(opened, key, {packet});
      reason = other.empty() ? reason : other;
    }
    return reason;
  }
  return answer.status == 200 || answer.status == 404 ? "" : refusal(answer);
}

std::string request_deletions(const OpenedDatabase& opened, const openpgp::AdminKey& key,
                              const Packets& packets, Progress& progress) {
  for (std::size_t begin = 0; begin < packets.size(); begin += keys_in_deletion) {
    const auto first = packets.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::size_t count = std::min(keys_in_deletion, packets.size() - begin);
    std::string reason =
        request_deletion(opened, key, Packets(first, first + static_cast<std::ptrdiff_t>(count)));
    if (!reason.empty()) {
      return reason;
    }
    progress.add(count);
  }
  return {};
}

/// Checks in the database that the keys are gone. A key that is not stored is not a fault. Gives a
/// reason only if the keyserver gave one, and if some keys remain.
Deletion delete_now(const OpenedDatabase& opened, const std::vector<std::string>& fingerprints,
                    Progress& progress) {
  Deletion deletion;
  Packets packets;
  for (postgres::KeyPackets& key : opened.database.primary_packets(fingerprints)) {
    deletion.deleted.insert(key.fingerprint);
    packets.push_back(std::move(key.packets));
  }
  if (packets.empty()) {
    return deletion;
  }
  const std::string reason =
      request_deletions(opened, opened.context.admin_key(), packets, progress);
  // A lookup of the keyserver reads the same rows that this query reads. A different key may have
  // one of these as its subkey.
  for (const postgres::ResolvedKey& key : opened.database.resolve(fingerprints)) {
    if (key.present && key.primary == key.asked) {
      deletion.remaining.insert(key.primary);
      deletion.deleted.erase(key.primary);
      deletion.reason = reason;
    }
  }
  return deletion;
}

/// The number of stored keys that are found and deleted together.
constexpr std::int64_t most_at_once = 1000;

/// Deletes the blocked keys that are stored, in the order of their fingerprints, so that each entry
/// is looked up once. Ends early if keys remain because the keyserver refuses or does not answer.
Deletion delete_stored(const OpenedDatabase& opened, Progress& progress) {
  Deletion all;
  std::string last;
  while (all.reason.empty()) {
    const std::vector<std::string> stored = opened.database.stored_blocked_keys(most_at_once, last);
    if (stored.empty()) {
      break;
    }
    last = stored.back();
    Deletion some = delete_now(opened, stored, progress);
    all.deleted.merge(some.deleted);
    all.remaining.merge(some.remaining);
    all.reason = some.reason;
  }
  return all;
}

Deletion with_reason(Deletion deletion) {
  if (!deletion.remaining.empty() && deletion.reason.empty()) {
    deletion.reason = "the keyserver gives no reason, see its log";
  }
  return deletion;
}

/// Deletes again when the transactions that began before the blocking have ended. Waits half a
/// minute for that.
template <typename Delete>
Deletion delete_until_settled(const OpenedDatabase& opened, const postgres::Blocking& blocking,
                              Delete delete_once) {
  Deletion deletion = delete_once();
  if (blocking.settled) {
    return deletion;
  }
  opened.context.doors.juju.action_log("waiting for uploads and loads that began before");
  bool settled = opened.database.has_settled(blocking);
  for (int look = 0; !settled && look < looks_at_earlier_uploads; ++look) {
    opened.context.doors.clock.pause();
    settled = opened.database.has_settled(blocking);
  }
  Deletion last = delete_once();
  last.deleted.merge(deletion.deleted);
  last.settled = settled;
  return last;
}

}  // namespace

Deletion delete_keys(const OpenedDatabase& opened, const postgres::Blocking& blocking,
                     const std::vector<std::string>& fingerprints) {
  Progress progress(opened.context.doors);
  return with_reason(delete_until_settled(
      opened, blocking, [&] { return delete_now(opened, fingerprints, progress); }));
}

Deletion delete_blocked_keys(const OpenedDatabase& opened, const postgres::Blocking& blocking) {
  Progress progress(opened.context.doors);
  return with_reason(
      delete_until_settled(opened, blocking, [&] { return delete_stored(opened, progress); }));
}

void require_deleted(const Deletion& deletion, const Results& results) {
  if (!deletion.remaining.empty()) {
    throw Failure(std::to_string(deletion.remaining.size()) +
                      " keys are blocked but still stored: " + deletion.reason +
                      "; run the action again",
                  results);
  }
  if (!deletion.settled) {
    throw Failure(
        "the keys are blocked and none is stored, but an upload or load that began before is "
        "still under way and may yet store one: run the action again when it has ended",
        results);
  }
}

}  // namespace charm::actions
