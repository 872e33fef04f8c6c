// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/event.hpp"
#include "rehearsal/model/model.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace rehearsal {

/// One line of the debug log.
struct LogLine {
  Millis at = 0;
  std::string unit;
  std::string level;
  std::string logger;
  std::string text;

  bool operator==(const LogLine&) const = default;
};

/// The result and the cost of one dispatch.
struct DispatchRecord {
  int number = 0;
  Millis at = 0;
  std::string unit;
  Event event;
  std::string context_id;
  /// `ok`, `failed` (exit code), `refused` (the commit), `interrupted` (killed) or `timed out`.
  std::string outcome = "ok";
  std::string error;
  int exit_code = 0;
  double wall_milliseconds = 0;
  double cpu_milliseconds = 0;      ///< CPU time of the charm and its hook tools.
  double own_cpu_milliseconds = 0;  ///< CPU time of the charm alone.
  long max_rss_kib = 0;
  std::map<std::string, int> calls;  ///< Number of calls by hook tool.
  std::size_t bytes_sent = 0;        ///< Sent by the charm: arguments and files.
  std::size_t bytes_received = 0;

  [[nodiscard]] bool ok() const { return outcome == "ok"; }
};

/// Receives reports of the events in a model.
struct Journal {
  std::function<void(const LogLine&)> log = [](const LogLine&) {};
  std::function<void(const std::string& unit, const Event&)> begin = [](const std::string&,
                                                                        const Event&) {};
  std::function<void(const DispatchRecord&)> end = [](const DispatchRecord&) {};
  /// Called after a change of the model, which must then be saved.
  std::function<void()> save = [] {};
};

/// `unit-hk-0: 01:02:03 INFO unit.hk/0.juju-log text`, as `juju debug-log` prints it.
[[nodiscard]] std::string format_log_line(const LogLine& line);
/// Returns the record as one line of JSON.
[[nodiscard]] std::string record_to_json(const DispatchRecord& record);

}  // namespace rehearsal
