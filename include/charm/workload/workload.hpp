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

/// What the concerns of the workload share: services, files and layers as Pebble reports them, and
/// the choice of the database. Pure.
namespace charm {

/// Returns Pebble's word for the state of a service: `active`, `inactive`, `backoff` or `error`.
/// Empty if Pebble has no such service.
[[nodiscard]] std::string service_state(const Workload& workload, const std::string& service);

/// Whether Pebble runs the service, or will start it again automatically.
[[nodiscard]] bool is_kept_up(const Workload& workload, const std::string& service);

/// Whether each file exists in the container with this content. `found` is by path.
[[nodiscard]] bool has_files(const std::map<std::string, std::string>& found,
                             const std::vector<File>& wanted);

/// Returns the last start of the service in this dispatch, or nullptr.
[[nodiscard]] const Performed* last_start(const History& history, const std::string& service);

/// Returns the step that adds the missing entries to Pebble's plan. Pebble does not list its
/// layers, so a label may belong to a layer below the one that wins. The step then tries the next
/// label, up to nine. Returns no step if nothing is missing or no label helped.
[[nodiscard]] std::optional<Step> add_layer(Concern concern, const Layer& missing,
                                            const History& history);

/// Returns the fault with which Pebble ended the concern's steps in this dispatch, or nullptr. The
/// concern itself handles services that do not start, downloads, databases and the keyserver.
[[nodiscard]] const Refusal* fault_of_pebble(Concern concern, const History& history);

/// Returns the step that writes the workload's files to the container, or nothing if they are there
/// already. Directories are made once in a dispatch, whatever Pebble reports.
[[nodiscard]] std::optional<Step> place_files(Concern concern, const WorkloadPlan& wanted,
                                              const Snapshot& snapshot);

/// Returns the step that stops the services that Pebble keeps running, or nothing.
[[nodiscard]] std::optional<Step> stop_services(Concern concern,
                                                const std::vector<std::string>& services,
                                                const Workload& workload);

/// Returns the number of pauses since a step of this dispatch.
[[nodiscard]] std::ptrdiff_t pauses_since(const Performed* begin, const History& history);

/// Returns `host:port`, with brackets around an IPv6 address.
[[nodiscard]] std::string endpoint_of(const Database& database);

/// The choice among the planned workloads.
struct Choice {
  std::optional<Step> question;            ///< Must be answered before the choice.
  const WorkloadPlan* workload = nullptr;  ///< The first workload whose database accepts writes.
  std::vector<Status> refusals;            ///< Why the probed endpoints cannot be used.
};

/// Probes the endpoints in their order, at most three, each once in a dispatch.
[[nodiscard]] Choice choose(Concern concern, const std::vector<WorkloadPlan>& workloads,
                            const History& history);

}  // namespace charm
