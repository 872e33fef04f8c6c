// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <algorithm>
#include <deque>

namespace rehearsal::pebble {
namespace {

constexpr long default_count = 30;
constexpr long all_lines = -1;

struct LogQuery {
  std::vector<std::string> services;
  long count = default_count;
  bool follow = false;
};

long parse_count(const std::string& text) {
  const std::string digits = text.starts_with('-') ? text.substr(1) : text;
  const bool number = !digits.empty() && digits.size() < 10 &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  const long count = number ? std::stol(text) : all_lines - 1;
  if (count < all_lines) {
    bad_request("n must be -1, 0, or a positive integer");
  }
  return count;
}

LogQuery query_of(const HttpRequest& request) {
  const std::string follow = request.parameter("follow");
  if (!follow.empty() && follow != "true" && follow != "false") {
    bad_request("follow parameter must be \"true\" or \"false\"");
  }
  LogQuery query{.services = request.list("services"), .follow = follow == "true"};
  const std::string count = request.parameter("n");
  if (!count.empty()) {
    query.count = parse_count(count);
  } else if (query.follow) {
    query.count = 0;
  }
  return query;
}

/// The output of several services in the order of its times.
class MergedLog {
 public:
  MergedLog(const Services& services, const LogQuery& query) : services_(services) {
    std::vector<std::string> names = query.services;
    if (names.empty()) {
      for (const ServiceInfo& info : services.list({})) {
        names.push_back(info.name);
      }
    }
    for (const std::string& name : names) {
      if (const LogRing* log = services.log(name)) {
        cursors_[name] =
            query.count < 0 ? log->tail() : log->last(static_cast<std::size_t>(query.count));
      }
    }
  }

  /// Lock held.
  std::optional<LogEntry> next() {
    std::optional<LogEntry> earliest;
    LogCursor moved;
    for (const auto& [name, cursor] : cursors_) {
      LogCursor after = cursor;
      auto entry = services_.log(name)->next(after);
      if (entry && (!earliest || entry->time < earliest->time)) {
        earliest = std::move(entry);
        moved = after;
      }
    }
    if (earliest) {
      cursors_[earliest->service] = moved;
    }
    return earliest;
  }

 private:
  const Services& services_;
  std::map<std::string, LogCursor> cursors_;
};

std::string to_line(const LogEntry& entry) {
  return to_plain_text({{"time", format_time(entry.time)},
                        {"service", entry.service},
                        {"message", entry.message}}) +
         "\n";
}

/// What is there: of all services together no more than asked for.
std::string present_lines(MergedLog& log, long count) {
  std::deque<std::string> lines;
  while (const auto entry = log.next()) {
    lines.push_back(to_line(*entry));
    if (count >= 0 && lines.size() > static_cast<std::size_t>(count)) {
      lines.pop_front();
    }
  }
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

void follow(Agent& agent, MergedLog& log, HttpStream& client) {
  while (!client.is_closed()) {
    std::string text;
    {
      auto held = agent.lock.hold();
      agent.wait_until(held, client, std::nullopt, [&] {
        text += present_lines(log, all_lines);
        return !text.empty();
      });
    }
    if (!client.write(text)) {
      return;
    }
  }
}

}  // namespace

HttpResponse get_logs(const Call& call) {
  const LogQuery query = query_of(call.request);
  const auto held = call.agent.lock.hold();
  MergedLog log(call.agent.services, query);
  HttpResponse response{.headers = {{"Content-Type", "application/x-ndjson"}},
                        .body = present_lines(log, query.count)};
  if (query.follow) {
    response.stream = [&agent = call.agent, log, first = response.body](HttpStream& client) {
      MergedLog rest = log;
      if (client.write(first)) {
        follow(agent, rest, client);
      }
    };
  }
  return response;
}

}  // namespace rehearsal::pebble
