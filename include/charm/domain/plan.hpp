// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace charm {

/// Our whole databag on one relation: keys of ours that it lacks are to be deleted.
struct Publication {
  int relation = 0;
  Scope scope = Scope::app;
  Databag data;

  bool operator==(const Publication&) const = default;
};

/// The workload as it must be if the keyserver uses this database.
struct WorkloadPlan {
  Database database;  ///< Must answer, and accept writes, before the service is (re)started.
  std::vector<Directory> directories;
  std::vector<File> files;
  Layer layer;

  bool operator==(const WorkloadPlan&) const = default;
};

/// What is to become of the workload.
enum class WorkloadGoal {
  leave,  ///< Not enough is known, or an option is wrong: what runs keeps running as it is.
  stop,   ///< It must not run, and no file of ours may be left.
  run,    ///< It must run as one of Plan::workloads says.
};

/// The desired state: plain values, the only input of apply().
struct Plan {
  std::vector<Publication> publications;
  std::set<int> ports;
  WorkloadGoal workload_goal = WorkloadGoal::leave;
  /// One for each endpoint of the database, in order of preference; the first that answers wins.
  std::vector<WorkloadPlan> workloads;
  std::vector<Status> statuses;       ///< The unit's status is aggregate() of these.
  std::vector<std::string> warnings;  ///< For the log.

  bool operator==(const Plan&) const = default;
};

}  // namespace charm
