// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/history.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What the concerns of the workload have in common: services, files and layers as Pebble shows
/// them, and the database to use. Pure.
namespace charm {

/// What Pebble says of a service: `active`, `inactive`, `backoff` or `error`; empty where it has
/// none of the name.
[[nodiscard]] std::string service_state(const Workload& workload, const std::string& service);

/// Whether Pebble keeps the service running, or being started, by itself.
[[nodiscard]] bool is_kept_up(const Workload& workload, const std::string& service);

/// Whether each file is in the container with this content. `found` is by path.
[[nodiscard]] bool has_files(const std::map<std::string, std::string>& found,
                             const std::vector<File>& wanted);

/// The last start of the service in this dispatch, or nullptr.
[[nodiscard]] const Performed* last_start(const History& history, const std::string& service);

/// The step that puts what is missing into Pebble's plan. Pebble does not tell which layers there
/// are, so a label may be one that lies too low: the next label is tried, up to nine. No step where
/// nothing is missing, or no label was of use.
[[nodiscard]] std::optional<Step> add_layer(Concern concern, const Layer& missing,
                                            const History& history);

/// Why Pebble made an end of the concern's steps in this dispatch, or nullptr. Services that do not
/// start, downloads, databases and keyserver are left to the concern.
[[nodiscard]] const Refusal* fault_of_pebble(Concern concern, const History& history);

/// The step that puts the workload's files into the container, or nothing where they are there.
/// Directories are made once in a dispatch, whatever Pebble shows.
[[nodiscard]] std::optional<Step> place_files(Concern concern, const WorkloadPlan& wanted,
                                              const Snapshot& snapshot);

/// The step that stops those of the services that Pebble keeps up, or nothing.
[[nodiscard]] std::optional<Step> stop_services(Concern concern,
                                                const std::vector<std::string>& services,
                                                const Workload& workload);

/// The pauses since a step of this dispatch.
[[nodiscard]] std::ptrdiff_t pauses_since(const Performed* begin, const History& history);

/// `host:port`, an IPv6 address in brackets.
[[nodiscard]] std::string endpoint_of(const Database& database);

/// Which of the planned workloads to use.
struct Choice {
  std::optional<Step> question;            ///< Must be answered first.
  const WorkloadPlan* workload = nullptr;  ///< The first whose database accepts writes.
  std::vector<Status> refusals;  ///< Why not the others; of one database, so one is shown.
};

/// Asks the endpoints in their order, three at most, each once in a dispatch.
[[nodiscard]] Choice choose(Concern concern, const std::vector<WorkloadPlan>& workloads,
                            const History& history);

}  // namespace charm
