// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rehearsal {

/// The kinds of dispatches (Juju 3.6 and 4.0, hook reference).
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

/// One event of one unit. Members that a kind does not use keep their defaults.
struct Event {
  EventKind kind = EventKind::update_status;
  std::string subject;  ///< The endpoint, container, storage or action in its name.
  int relation = -1;
  std::string remote_app;
  std::string remote_unit;     ///< Empty for created, broken and an application's databag.
  std::string departing_unit;  ///< Set in relation-departed.
  std::int64_t version = 0;    ///< Version of the databag that a relation-changed announces.
  std::string notice_id;
  std::string notice_key;
  std::string check;
  std::string storage_id;
  std::string secret_id;
  int secret_revision = 0;
  int action_id = 0;

  bool operator==(const Event&) const = default;
};

/// Returns the name of the kind: `relation-changed`, `pebble-ready`, `install`.
[[nodiscard]] std::string_view kind_name(EventKind kind);
/// Returns the kind with that name. Throws std::invalid_argument for an unknown name.
[[nodiscard]] EventKind kind_named(std::string_view name);

/// Returns the whole name of the hook or action: `db-relation-changed`, `config-changed`, `backup`.
[[nodiscard]] std::string event_name(const Event& event);
/// JUJU_DISPATCH_PATH: `hooks/<name>` or `actions/<name>`.
[[nodiscard]] std::string dispatch_path(const Event& event);

[[nodiscard]] bool is_relation_event(EventKind kind);
[[nodiscard]] bool is_secret_event(EventKind kind);
/// Whether the event comes from a container's Pebble. Its failure is never a permanent error.
[[nodiscard]] bool is_workload_event(EventKind kind);

}  // namespace rehearsal
