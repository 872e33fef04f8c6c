// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rehearsal {

/// What a dispatch can be about (Juju 3.6 and 4.0, hook reference).
enum class EventKind {
  install,
  start,
  stop,
  remove,
  config_changed,
  update_status,
  upgrade_charm,
  leader_elected,
  relation_created,
  relation_joined,
  relation_changed,
  relation_departed,
  relation_broken,
  pebble_ready,
  pebble_custom_notice,
  pebble_check_failed,
  pebble_check_recovered,
  storage_attached,
  storage_detaching,
  secret_changed,
  secret_remove,
  action,
};

/// One event of one unit. Members that a kind has no use for stay at their defaults.
struct Event {
  EventKind kind = EventKind::update_status;
  std::string subject;  ///< The endpoint, container, storage or action it is named after.
  int relation = -1;
  std::string remote_app;
  std::string remote_unit;     ///< Empty for created, broken and a change of the application's bag.
  std::string departing_unit;  ///< In relation-departed.
  std::int64_t version = 0;    ///< Of the bag that a relation-changed announces.
  std::string notice_id;
  std::string notice_key;
  std::string check;
  std::string storage_id;
  std::string secret_id;
  int secret_revision = 0;
  int action_id = 0;

  bool operator==(const Event&) const = default;
};

/// The kind's own word: `relation-changed`, `pebble-ready`, `install`.
[[nodiscard]] std::string_view kind_name(EventKind kind);
/// The reverse; throws std::invalid_argument for an unknown word.
[[nodiscard]] EventKind kind_named(std::string_view name);

/// The hook's or action's whole name: `db-relation-changed`, `config-changed`, `backup`.
[[nodiscard]] std::string event_name(const Event& event);
/// JUJU_DISPATCH_PATH: `hooks/<name>` or `actions/<name>`.
[[nodiscard]] std::string dispatch_path(const Event& event);

[[nodiscard]] bool is_relation_event(EventKind kind);
[[nodiscard]] bool is_secret_event(EventKind kind);
/// Events that come from a container's Pebble: their failure is never a sticky error.
[[nodiscard]] bool is_workload_event(EventKind kind);

}  // namespace rehearsal
