// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace charm {

/// A file of the workload, as Pebble's files API takes it. Owner ids are numbers because a user
/// need not exist in the image.
struct File {
  std::string path;
  std::string content;
  unsigned mode = 0644;  ///< Permission bits only: Pebble refuses set-user-id and sticky bits.
  int user_id = 0;
  int group_id = 0;

  bool operator==(const File&) const = default;
};

/// A program of the workload that comes from the network as a gzip file.
struct Download {
  std::string url;
  std::string archive_sha256;  ///< Of the gzip file, in lower-case hex.
  std::string content_sha256;  ///< Of what it unpacks to; known to be in place by a receipt.
  File target;                 ///< Without its content.
  std::string receipt;  ///< Path of a file that holds content_sha256, written after the target.

  bool operator==(const Download&) const = default;
};

/// A directory of the workload; existing ones are left as they are.
struct Directory {
  std::string path;
  unsigned mode = 0755;
  int user_id = 0;
  int group_id = 0;

  bool operator==(const Directory&) const = default;
};

/// A service of a Pebble layer. Durations are Go strings with a unit (`500ms`). Empty: Pebble's
/// default.
struct Service {
  std::string summary;
  std::string command;
  std::string startup = "enabled";
  std::map<std::string, std::string> environment;
  std::string working_dir;
  std::string on_success;
  std::string on_failure;
  std::string backoff_delay;
  std::string backoff_limit;
  std::string kill_delay;
  std::map<std::string, std::string> on_check_failure;  ///< Action by check name.
  int user_id = 0;
  int group_id = 0;

  bool operator==(const Service&) const = default;
};

/// A health check of a Pebble layer: exactly one of `http_url` and `tcp_port` is set.
struct Check {
  std::string level;  ///< `alive`, `ready`, or empty: then no probe of the pod asks for it.
  std::string period;
  std::string timeout;
  int threshold = 3;
  std::string http_url;
  int tcp_port = 0;

  bool operator==(const Check&) const = default;
};

/// A log-forwarding target of a Pebble layer (Loki).
struct LogTarget {
  std::string location;
  std::vector<std::string> services;
  std::map<std::string, std::string> labels;

  bool operator==(const LogTarget&) const = default;
};

/// One complete Pebble layer; every entry replaces the entry of that name (`override: replace`).
struct Layer {
  std::map<std::string, Service> services;
  std::map<std::string, Check> checks;
  std::map<std::string, LogTarget> log_targets;

  bool operator==(const Layer&) const = default;
};

/// By section (`services`, `checks`, `log-targets`) and name the digest of each entry of a plan;
/// of a log target that forwards nothing it is empty.
using PlanEntries = std::map<std::string, std::map<std::string, std::string>>;

/// What Pebble has combined of all layers.
struct PebblePlan {
  std::string text;  ///< As Pebble prints it: YAML.
  PlanEntries entries;

  bool operator==(const PebblePlan&) const = default;
};

}  // namespace charm
