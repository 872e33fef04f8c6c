// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/go_text.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

using TextMap = std::map<std::string, std::string>;

/// One service of a layer or of the plan; the members are the keys of Pebble's layer
/// specification. Empty means unset.
struct Service {
  std::string name;
  std::string summary;
  std::string description;
  std::string startup;
  std::string override_mode;
  std::string command;
  std::vector<std::string> after;
  std::vector<std::string> before;
  std::vector<std::string> required;
  TextMap environment;
  std::optional<long> user_id;
  std::string user;
  std::optional<long> group_id;
  std::string group;
  std::string working_dir;
  std::string on_success;
  std::string on_failure;
  TextMap on_check_failure;
  std::optional<Duration> backoff_delay;
  std::optional<double> backoff_factor;
  std::optional<Duration> backoff_limit;
  std::optional<Duration> kill_delay;

  bool operator==(const Service&) const = default;
};

struct HttpCheck {
  std::string url;
  TextMap headers;

  bool operator==(const HttpCheck&) const = default;
};

struct TcpCheck {
  long port = 0;
  std::string host;

  bool operator==(const TcpCheck&) const = default;
};

struct ExecCheck {
  std::string command;
  std::string service_context;
  TextMap environment;
  std::optional<long> user_id;
  std::string user;
  std::optional<long> group_id;
  std::string group;
  std::string working_dir;

  bool operator==(const ExecCheck&) const = default;
};

struct Check {
  std::string name;
  std::string override_mode;
  std::string level;
  std::string startup;
  std::optional<Duration> period;
  std::optional<Duration> timeout;
  long threshold = 0;
  std::optional<HttpCheck> http;
  std::optional<TcpCheck> tcp;
  std::optional<ExecCheck> exec;

  bool operator==(const Check&) const = default;
};

struct LogTarget {
  std::string name;
  std::string type;
  std::string location;
  std::vector<std::string> services;
  std::string override_mode;
  TextMap labels;

  bool operator==(const LogTarget&) const = default;
};

/// An entry that a layer file names but leaves null is present without a value: it is refused with
/// its own message.
template <typename Entry>
using Section = std::map<std::string, std::optional<Entry>>;

struct Layer {
  std::string label;
  /// A thousand for each layer, plus the position inside a sub-directory of layers.
  int order = 0;
  std::string summary;
  std::string description;
  Section<Service> services;
  Section<Check> checks;
  Section<LogTarget> log_targets;

  bool operator==(const Layer&) const = default;
};

/// The combined layers.
struct Plan {
  std::map<std::string, Service> services;
  std::map<std::string, Check> checks;
  std::map<std::string, LogTarget> log_targets;

  bool operator==(const Plan&) const = default;
};

}  // namespace rehearsal::pebble
