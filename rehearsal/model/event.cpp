// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/event.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace rehearsal {
namespace {

constexpr std::array<std::pair<EventKind, std::string_view>, 24> names{{
    {EventKind::install, "install"},
    {EventKind::start, "start"},
    {EventKind::stop, "stop"},
    {EventKind::remove, "remove"},
    {EventKind::config_changed, "config-changed"},
    {EventKind::update_status, "update-status"},
    {EventKind::upgrade_charm, "upgrade-charm"},
    {EventKind::leader_elected, "leader-elected"},
    {EventKind::relation_created, "relation-created"},
    {EventKind::relation_joined, "relation-joined"},
    {EventKind::relation_changed, "relation-changed"},
    {EventKind::relation_departed, "relation-departed"},
    {EventKind::relation_broken, "relation-broken"},
    {EventKind::pebble_ready, "pebble-ready"},
    {EventKind::pebble_custom_notice, "pebble-custom-notice"},
    {EventKind::pebble_check_failed, "pebble-check-failed"},
    {EventKind::pebble_check_recovered, "pebble-check-recovered"},
    {EventKind::storage_attached, "storage-attached"},
    {EventKind::storage_detaching, "storage-detaching"},
    {EventKind::secret_changed, "secret-changed"},
    {EventKind::secret_remove, "secret-remove"},
    {EventKind::action, "action"},
}};

}  // namespace

std::string_view kind_name(EventKind kind) {
  for (const auto& [value, name] : names) {
    if (value == kind) {
      return name;
    }
  }
  throw std::invalid_argument("unknown event kind");
}

EventKind kind_named(std::string_view name) {
  for (const auto& [value, word] : names) {
    if (word == name) {
      return value;
    }
  }
  throw std::invalid_argument("unknown event kind \"" + std::string(name) + "\"");
}

std::string event_name(const Event& event) {
  if (event.kind == EventKind::action) {
    return event.subject;
  }
  const bool prefixed = is_relation_event(event.kind) || is_workload_event(event.kind) ||
                        event.kind == EventKind::storage_attached ||
                        event.kind == EventKind::storage_detaching;
  const std::string name(kind_name(event.kind));
  return prefixed ? event.subject + "-" + name : name;
}

std::string dispatch_path(const Event& event) {
  return (event.kind == EventKind::action ? "actions/" : "hooks/") + event_name(event);
}

bool is_relation_event(EventKind kind) {
  return kind >= EventKind::relation_created && kind <= EventKind::relation_broken;
}

bool is_secret_event(EventKind kind) {
  return kind >= EventKind::secret_changed && kind <= EventKind::secret_remove;
}

bool is_workload_event(EventKind kind) {
  return kind >= EventKind::pebble_ready && kind <= EventKind::pebble_check_recovered;
}

}  // namespace rehearsal
