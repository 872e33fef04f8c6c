// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/log.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

constexpr std::array<std::string_view, 6> level_names{"debug", "info",  "warning",
                                                      "error", "fatal", "panic"};

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("-._/@^+").find(letter) != std::string_view::npos;
  });
}

std::string log_value(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '\n') {
      result += "\\n";
      continue;
    }
    if (letter == '"' || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result + '"';
}

int open_log(const std::string& file) {
  constexpr mode_t mode = 0644;
  return open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode);
}

}  // namespace

std::string utc_timestamp(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

std::string utc_timestamp() {
  return utc_timestamp(std::time(nullptr));
}

Log::Log(const std::string& level, const std::string& file) : file_(file) {
  const std::string lower = lower_case(level);
  const auto* const known = std::ranges::find(level_names, lower == "warn" ? "warning" : lower);
  if (known == level_names.end()) {
    warning("invalid LogLevel=\"" + level + "\"");
  } else {
    level_ = static_cast<LogLevel>(known - level_names.begin());
  }
  if (!file.empty()) {
    descriptor_ = open_log(file);
    if (descriptor_ < 0) {
      descriptor_ = standard_error;
      error("failed to open LogFile=\"" + file + "\"");
      descriptor_ = -1;
    }
  }
}

void Log::reopen() {
  if (descriptor_ <= standard_error) {
    return;
  }
  // Replaces the old one in one step, because other threads may be writing.
  const int fresh = open_log(file_);
  if (fresh >= 0) {
    dup3(fresh, descriptor_, O_CLOEXEC);
    close(fresh);
  }
}

Log::~Log() {
  if (descriptor_ > standard_error) {
    close(descriptor_);
  }
}

void Log::write(LogLevel level, std::string_view message, const Fields& fields) {
  if (level < level_ || descriptor_ < 0) {
    return;
  }
  std::string line = "time=\"" + utc_timestamp() + "\" level=";
  line += level_names.at(static_cast<std::size_t>(level));
  if (!message.empty()) {
    line += " msg=" + log_value(message);
  }
  for (const auto& [key, value] : fields) {
    line += " " + key + "=" + log_value(value);
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written <= 0) {
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace rehearsal::keyserver
