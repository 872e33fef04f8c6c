// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace charm {

/// A file of the workload, as Pebble's files API takes it. Owner IDs are numbers because the image
/// need not have such a user.
struct File {
  std::string path;
  std::string content;
  unsigned mode = 0644;  ///< Permission bits only: Pebble rejects set-user-id and sticky bits.
  int user_id = 0;
  int group_id = 0;

  bool operator==(const File&) const = default;
};

/// A program of the workload that is downloaded as a gzip file.
struct Download {
  std::string url;
  std::string archive_sha256;  ///< Digest of the gzip file, in lower-case hex.
  std::string content_sha256;  ///< Digest of the unpacked file, which the receipt confirms.
  File target;                 ///< Without its content.
  std::string receipt;         ///< Path of a file with content_sha256, written after the target.

  bool operator==(const Download&) const = default;
};

/// A directory of the workload. Existing directories stay as they are.
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
  std::map<std::string, std::string> on_check_failure;  ///< Actions by check name.
  int user_id = 0;
  int group_id = 0;

  bool operator==(const Service&) const = default;
};

/// A health check of a Pebble layer: exactly one of `http_url` and `tcp_port` is set.
struct Check {
  std::string level;  ///< `alive`, `ready`, or empty: no probe of the pod uses the check.
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

/// One complete Pebble layer. Every entry has `override: replace`, so it replaces the entry of the
/// same name.
struct Layer {
  std::map<std::string, Service> services;
  std::map<std::string, Check> checks;
  std::map<std::string, LogTarget> log_targets;

  bool operator==(const Layer&) const = default;
};

/// The digest of each entry of a plan, by section (`services`, `checks`, `log-targets`) and name.
/// The digest is empty for a log target that forwards nothing.
using PlanEntries = std::map<std::string, std::map<std::string, std::string>>;

/// The plan that Pebble combined from all layers.
struct PebblePlan {
  std::string text;    ///< As Pebble prints it: YAML.
  std::string digest;  ///< The SHA-256 of the text, which can contain secrets of an operator.
  PlanEntries entries;

  bool operator==(const PebblePlan&) const = default;
};

}  // namespace charm
