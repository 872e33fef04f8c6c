// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_deletion.hpp"

#include "charm/openpgp/admin_key.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace charm::actions {
namespace {

/// Keys in one request: few enough to answer within a second, enough for one signature to be cheap.
constexpr std::size_t keys_in_deletion = 50;

/// With a tenth of a second between two.
constexpr int looks_at_earlier_uploads = 300;

using Packets = std::vector<std::string>;

std::string refusal(const keyserver::Answer& answer) {
  return answer.status == 0 ? "the keyserver does not answer: " + answer.error
                            : "the keyserver refuses with HTTP status " +
                                  std::to_string(answer.status) + ", see juju debug-log";
}

/// Sends one signed request; returns why it failed, or nothing.
std::string request_deletion(const DeletionDoors& doors, const openpgp::AdminKey& key,
                             const Packets& packets) {
  const openpgp::SignedRequest request =
      openpgp::delete_request(key, packets, doors.context.doors.clock.now());
  const keyserver::Answer answer =
      doors.context.doors.keyserver.remove(request.keytext, request.keysig);
  // 404: another request was quicker with one of them, and the server stopped there.
  if (answer.status == 404 && packets.size() > 1) {
    std::string reason;
    for (const std::string& packet : packets) {
      const std::string other = request_deletion(doors, key, {packet});
      reason = other.empty() ? reason : other;
    }
    return reason;
  }
  return answer.status == 200 || answer.status == 404 ? "" : refusal(answer);
}

std::string request_deletions(const DeletionDoors& doors, const openpgp::AdminKey& key,
                              const Packets& packets) {
  std::string reason;
  for (std::size_t begin = 0; begin < packets.size() && reason.empty(); begin += keys_in_deletion) {
    const auto first = packets.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::size_t count = std::min(keys_in_deletion, packets.size() - begin);
    reason =
        request_deletion(doors, key, Packets(first, first + static_cast<std::ptrdiff_t>(count)));
    if (packets.size() > keys_in_deletion) {
      doors.context.doors.juju.action_log("deleted " + std::to_string(begin + count) + " of " +
                                          std::to_string(packets.size()) + " keys");
    }
  }
  return reason;
}

}  // namespace

Deletion delete_keys(const DeletionDoors& doors, const std::vector<std::string>& fingerprints) {
  Deletion deletion;
  Packets packets;
  for (postgres::KeyPackets& key : doors.database.primary_packets(fingerprints)) {
    deletion.deleted.insert(key.fingerprint);
    packets.push_back(std::move(key.packets));
  }
  if (packets.empty()) {
    return deletion;
  }
  deletion.reason = request_deletions(doors, doors.context.admin_key(), packets);
  // A look-up reads the very rows that are looked at here.
  for (const postgres::ResolvedKey& key : doors.database.resolve(fingerprints)) {
    if (key.present) {
      deletion.remaining.insert(key.primary);
      deletion.deleted.erase(key.primary);
    }
  }
  return deletion;
}

Deletion delete_blocked_keys(const DeletionDoors& doors, const postgres::Blocking& blocking,
                             const std::vector<std::string>& fingerprints) {
  Deletion deletion = delete_keys(doors, fingerprints);
  if (blocking.settled) {
    return deletion;
  }
  doors.context.doors.juju.action_log("waiting for uploads and loads that began before");
  bool settled = doors.database.has_settled(blocking);
  for (int look = 0; !settled && look < looks_at_earlier_uploads; ++look) {
    doors.context.doors.clock.pause();
    settled = doors.database.has_settled(blocking);
  }
  Deletion last = delete_keys(doors, fingerprints);
  last.deleted.merge(deletion.deleted);
  last.settled = settled;
  return last;
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

void require_leader(const juju::HookTools& juju, const std::string& unit) {
  if (!juju.is_leader()) {
    throw Failure(
        "only the leader may change keys, because it reconciles with other keyservers: run it on " +
        unit.substr(0, unit.find('/')) + "/leader");
  }
}

}  // namespace charm::actions
