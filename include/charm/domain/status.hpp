// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace charm {

/// Juju's workload statuses, least urgent first.
enum class StatusKind { active, waiting, maintenance, blocked };

/// A unit's state and message in `juju status`. The message is one sentence that tells the operator
/// what to do.
struct Status {
  StatusKind kind = StatusKind::active;
  std::string message;

  bool operator==(const Status&) const = default;
};

/// Returns the first of the most urgent statuses, or active without a message if there are none.
[[nodiscard]] Status aggregate(std::span<const Status> statuses);

/// Returns Juju's word for the kind, as `status-set` takes it.
[[nodiscard]] std::string_view to_string(StatusKind kind);

}  // namespace charm
