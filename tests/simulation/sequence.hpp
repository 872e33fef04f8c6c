// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simulation {

/// The grammar: what operators, partners, Kubernetes and faults can do to a model. Juju's own order
/// of events follows from it.
enum class Kind {
  run,        ///< Dispatches some due events.
  time,       ///< Lets time pass, from minutes to hours.
  lead,       ///< Another unit becomes the leader.
  relate,     ///< `integrate`, or new data of the partner.
  unrelate,   ///< `remove-relation`
  option,     ///< An option becomes right, wrong or unset.
  secret,     ///< The operator's admin key: set, changed, unreadable or reset.
  scale,      ///< 1 to 3 units
  churn,      ///< A pod is replaced, with or without a `stop`.
  container,  ///< A workload container restarts.
  refresh,    ///< A new revision of the charm replaces all pods.
  database,   ///< The servers: primary, standby, asleep, refusing, untrusted or foreign.
  provider,   ///< The provider of the database: password, secret, silence.
  pebble,     ///< Pebble of one unit is away, or back.
  keyserver,  ///< The keyserver of one unit runs and does not answer, or answers again.
  action,     ///< rotate-admin-key or rebuild-prefix-tree
  damage,     ///< The prefix tree of one unit is damaged.
  fault,      ///< One effect of the next dispatch is disturbed.
  overlap,    ///< Hooks of two units run at the same time, and perhaps both find that they lead.
};

struct Operation {
  Kind kind = Kind::run;
  int which = 0;
  int how = 0;

  bool operator==(const Operation&) const = default;
};

/// Everything that decides one simulation.
struct Sequence {
  int units = 1;
  std::uint64_t seed = 0;  ///< For the choices that Juju and Kubernetes leave open.
  std::vector<Operation> operations;

  bool operator==(const Sequence&) const = default;
};

/// One line: `2 17 relate:0:1 fault:2:14`.
[[nodiscard]] std::string text_of(const Sequence& sequence);
/// Throws std::invalid_argument for any other text.
[[nodiscard]] Sequence sequence_of(const std::string& text);

}  // namespace simulation
