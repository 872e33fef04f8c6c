// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/journal.hpp"

#include "rehearsal/model/model.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal {

std::string format_log_line(const LogLine& line) {
  return unit_tag(line.unit) + ": " + format_time_of_day(line.at) + " " + line.level + " " +
         line.logger + " " + line.text;
}

std::string record_to_json(const DispatchRecord& record) {
  int calls = 0;
  for (const auto& [tool, count] : record.calls) {
    calls += count;
  }
  const nlohmann::json json = {
      {"number", record.number},
      {"at", format_time(record.at)},
      {"unit", record.unit},
      {"event", event_name(record.event)},
      {"dispatch-path", dispatch_path(record.event)},
      {"context-id", record.context_id},
      {"outcome", record.outcome},
      {"error", record.error},
      {"exit-code", record.exit_code},
      {"wall-ms", record.wall_milliseconds},
      {"cpu-ms", record.cpu_milliseconds},
      {"own-cpu-ms", record.own_cpu_milliseconds},
      {"max-rss-kib", record.max_rss_kib},
      {"tool-calls", calls},
      {"calls", record.calls},
      {"bytes-sent", record.bytes_sent},
      {"bytes-received", record.bytes_received},
  };
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace rehearsal
