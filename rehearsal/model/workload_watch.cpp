// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/workload_watch.hpp"

#include "rehearsal/pods/container.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

#include <sys/stat.h>

namespace rehearsal {
namespace {

using Json = nlohmann::json;

using pods::ask_pebble;

void enqueue(Unit& unit, const Event& event) {
  const bool waiting =
      std::any_of(unit.workload_events.begin(), unit.workload_events.end(),
                  [&event](const WorkloadEvent& workload) { return workload.event == event; });
  if (!waiting) {
    unit.workload_events.push_back({event, 0});
  }
}

/// Distinguishes two starts of a Pebble. The boot ID alone is not sufficient: if Pebble is not the
/// first process, it is the machine's.
std::string boot_identity(const std::filesystem::path& socket, const Json& info) {
  struct stat details {};

  const bool found = stat(socket.c_str(), &details) == 0;
  return info.value("boot-id", "") + (found ? ":" + std::to_string(details.st_ino) + ":" +
                                                  std::to_string(details.st_ctim.tv_sec)
                                            : "");
}

/// Reads a completed change of a check: a failed `perform-check` means down, and a done
/// `recover-check` means up again.
std::optional<EventKind> check_transition(const std::filesystem::path& socket, const Json& notice) {
  const Json data = notice.value("last-data", Json::object());
  const std::string kind = data.value("kind", "");
  if (kind != "perform-check" && kind != "recover-check") {
    return std::nullopt;
  }
  const Json change = ask_pebble(socket, "/v1/changes/" + notice.value("key", ""));
  const std::string status = change.is_object() ? change.value("status", "") : "";
  if (kind == "perform-check" && status == "Error") {
    return EventKind::pebble_check_failed;
  }
  return kind == "recover-check" && status == "Done"
             ? std::optional(EventKind::pebble_check_recovered)
             : std::nullopt;
}

void take_notice(Unit& unit, const std::string& container, const std::filesystem::path& socket,
                 const Json& notice) {
  if (notice.value("type", "") == "custom") {
    enqueue(unit, {.kind = EventKind::pebble_custom_notice,
                   .subject = container,
                   .notice_id = notice.value("id", ""),
                   .notice_key = notice.value("key", "")});
  } else if (const auto kind = check_transition(socket, notice)) {
    enqueue(unit, {.kind = *kind,
                   .subject = container,
                   .check = notice["last-data"].value("check-name", "")});
  }
}

void take_notices(Unit& unit, const std::string& container, const std::filesystem::path& socket) {
  ContainerView& view = unit.containers[container];
  std::string target = "/v1/notices?users=all&types=custom,change-update";
  if (!view.notices_after.empty()) {
    target += "&after=" + view.notices_after;
  }
  const Json notices = ask_pebble(socket, target);
  for (const Json& notice : notices.is_array() ? notices : Json::array()) {
    take_notice(unit, container, socket, notice);
    view.notices_after = notice.value("last-repeated", view.notices_after);
  }
}

void watch_container(Unit& unit, const std::string& container,
                     const std::filesystem::path& socket) {
  const Json info = ask_pebble(socket, "/v1/system-info");
  if (!info.is_object()) {
    return;
  }
  ContainerView& view = unit.containers[container];
  const std::string identity = boot_identity(socket, info);
  if (view.boot_id != identity) {
    // A Pebble that restarts in its pod keeps its notices, and they are not news.
    view.boot_id = identity;
    enqueue(unit, {.kind = EventKind::pebble_ready, .subject = container});
  }
  take_notices(unit, container, socket);
}

}  // namespace

void watch_workloads(Model& model, const Machine& machine, const std::string& name) {
  Unit& unit = model.unit(name);
  if (!unit.pod || unit.stopped) {
    return;
  }
  for (const auto& [container, details] : model.application(unit.app).charm.containers) {
    if (machine.container_running(name, container)) {
      watch_container(unit, container, machine.pebble_socket(name, container));
    }
  }
}

}  // namespace rehearsal
