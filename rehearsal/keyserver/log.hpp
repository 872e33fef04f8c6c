// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rehearsal::keyserver {

/// Nothing is written at the last two: a log of these levels is silent.
enum class LogLevel { debug, info, warning, error, fatal, panic };

/// Lines of `key=value` pairs as Hockeypuck's log writes them, on standard error or in a file.
class Log {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Standard error, level info.
  Log() = default;
  /// A level nobody knows leaves it at info; a file that cannot be opened silences the log. Either
  /// is said once on standard error, as Hockeypuck does.
  Log(const std::string& level, const std::string& file);

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  /// Opens the file anew, which somebody may have put another one in the place of.
  void reopen();

  /// An empty message is left out.
  void write(LogLevel level, std::string_view message, const Fields& fields = {});

  void info(std::string_view message, const Fields& fields = {}) {
    write(LogLevel::info, message, fields);
  }

  void warning(std::string_view message) { write(LogLevel::warning, message); }

  void error(std::string_view message) { write(LogLevel::error, message); }

 private:
  static constexpr int standard_error = 2;

  std::mutex mutex_;
  std::string file_;  ///< Empty for standard error.
  int descriptor_ = standard_error;
  LogLevel level_ = LogLevel::info;
};

}  // namespace rehearsal::keyserver
