// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/status.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <thread>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

/// The lines of the log to show.
struct LogFilter {
  std::vector<std::string> tags;
  std::size_t level = 0;
};

constexpr std::array<std::string_view, 6> levels{"TRACE",   "DEBUG", "INFO",
                                                 "WARNING", "ERROR", "CRITICAL"};

std::size_t severity(std::string_view level) {
  const auto found = std::find(levels.begin(), levels.end(), level);
  return static_cast<std::size_t>(found - levels.begin());
}

bool is_wanted(const std::string& line, const LogFilter& filter) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) {
    return true;  // A further line of a record.
  }
  const std::string tag = line.substr(0, colon);
  const bool included =
      filter.tags.empty() ||
      std::any_of(filter.tags.begin(), filter.tags.end(), [&tag](const std::string& wanted) {
        return tag == wanted || tag.rfind(wanted + "-", 0) == 0;
      });
  const std::size_t level_at = line.find(' ', colon + 2) + 1;
  return included &&
         severity(line.substr(level_at, line.find(' ', level_at) - level_at)) >= filter.level;
}

LogFilter filter_of(const Arguments& arguments) {
  LogFilter filter;
  for (const std::string& name : arguments.values("include")) {
    const bool tagged = name.rfind("unit-", 0) == 0;
    filter.tags.push_back(tagged ? name : is_unit_name(name) ? unit_tag(name) : "unit-" + name);
  }
  std::string level = arguments.value("level").value_or("TRACE");
  std::transform(level.begin(), level.end(), level.begin(), [](unsigned char character) {
    return static_cast<char>(std::toupper(character));
  });
  filter.level = severity(level);
  return filter;
}

void follow(std::ifstream& file, const LogFilter& filter) {
  std::string line;
  while (true) {
    while (std::getline(file, line)) {
      if (is_wanted(line, filter)) {
        std::cout << line << std::endl;
      }
    }
    file.clear();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

std::filesystem::path file_in(const SessionOptions& options, const char* name) {
  require_model(options.model);
  return models_directory() / options.model / name;
}

/// --limit 0 means all, as in Juju.
std::size_t most_lines(const Arguments& arguments) {
  const auto lines = arguments.value("lines");
  const auto limit = arguments.value("limit");
  const int count = whole_number(lines ? *lines : limit.value_or("0"), 0);
  return count == 0 && !lines ? static_cast<std::size_t>(-1) : static_cast<std::size_t>(count);
}

int debug_log(const SessionOptions& options, const Arguments& arguments) {
  std::ifstream file(file_in(options, "debug.log"));
  const LogFilter filter = filter_of(arguments);
  const std::size_t most = most_lines(arguments);
  std::deque<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (is_wanted(line, filter)) {
      lines.push_back(line);
      if (lines.size() > most) {
        lines.pop_front();
      }
    }
  }
  for (const std::string& line : lines) {
    std::cout << line << "\n";
  }
  std::cout.flush();
  if (arguments.has("tail")) {
    file.clear();
    follow(file, filter);
  }
  return 0;
}

std::string milliseconds(double value) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.1f", value);
  return {text.data(), static_cast<std::size_t>(size)};
}

void print_table(const Json& records) {
  Table table({"No", "Unit", "Event", "Outcome", "Calls", "Wall/ms", "CPU/ms", "RSS/KiB"});
  for (const Json& record : records) {
    table.add({std::to_string(record.value("number", 0)), record.value("unit", ""),
               record.value("event", ""), record.value("outcome", ""),
               std::to_string(record.value("tool-calls", 0)),
               milliseconds(record.value("wall-ms", 0.0)),
               milliseconds(record.value("cpu-ms", 0.0)),
               std::to_string(record.value("max-rss-kib", 0))});
  }
  table.print(std::cout);
}

int show_hooks(const SessionOptions& options, const Arguments& arguments) {
  std::ifstream file(file_in(options, "hooks.jsonl"));
  const std::string wanted = arguments.word(0);
  Json records = Json::array();
  for (std::string line; std::getline(file, line);) {
    Json record = Json::parse(line);
    const std::string unit = record.value("unit", "");
    if (wanted.empty() || unit == wanted || app_of(unit) == wanted) {
      records.push_back(std::move(record));
    }
  }
  if (arguments.value("format").value_or("tabular") == "json") {
    std::cout << records.dump() << "\n";
  } else {
    print_table(records);
  }
  return 0;
}

}  // namespace

std::vector<Command> log_commands() {
  return {
      {.name = "debug-log",
       .usage = "[-n N | --limit N] [--tail] [--include UNIT|APPLICATION]... [--level LEVEL]",
       .summary = "Prints the log of the units.",
       .details = "--tail continues until you interrupt it.",
       .flags = {{.name = "lines", .short_name = "n"},
                 {.name = "tail", .short_name = "f", .takes_value = false},
                 plain_flag("replay"),
                 plain_flag("no-tail"),
                 {.name = "include", .short_name = "i"},
                 {.name = "level", .short_name = "l"},
                 {.name = "limit"},
                 plain_flag("color"),
                 plain_flag("date"),
                 plain_flag("ms"),
                 plain_flag("no-color"),
                 plain_flag("utc")},
       .run = debug_log},
      {.name = "show-hooks",
       .usage = "[UNIT|APPLICATION] [--format tabular|json]",
       .summary = "Lists the finished hooks with their hook tool calls, time and memory.",
       .flags = {{.name = "format"}},
       .run = show_hooks,
       .is_own = true},
  };
}

}  // namespace rehearsal::commands
