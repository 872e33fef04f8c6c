// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rehearsal::keyserver {

/// Seconds since 1970 as "2025-01-01T12:00:00Z".
std::string utc_timestamp(std::int64_t seconds);
/// The present.
std::string utc_timestamp();

/// Nothing is written at the last two: a log of these levels is silent.
enum class LogLevel { debug, info, warning, error, fatal, panic };

/// Lines of `key=value` pairs as Hockeypuck's log writes them, on standard error or in a file.
class Log {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Standard error, level info.
  Log() = default;
  /// An unknown level leaves it at info; a file that cannot be opened silences the log. Standard
  /// error reports either once, as in Hockeypuck.
  Log(const std::string& level, const std::string& file);

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  /// Opens the file again, which may have been replaced.
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

/// Lines about reconciliation with one peer, labelled as Hockeypuck's: "serve" where the peer came
/// to us, "gossip" where we went to it, "recon" for the keys that follow.
class ReconLog {
 public:
  /// `own_address` is reconAddr; `peer` the other end of the connection, empty without one.
  ReconLog(Log& log, std::string role, std::string own_address, std::string peer = "")
      : log_(log),
        role_(std::move(role)),
        own_address_(std::move(own_address)),
        peer_(std::move(peer)) {}

  const std::string& peer() const { return peer_; }

  ReconLog as(const std::string& role) const { return {log_, role, own_address_, peer_}; }

  void write(LogLevel level, std::string_view message,
             std::map<std::string, std::string> fields = {}) const {
    fields["label"] = role_ + " " + own_address_;
    if (!peer_.empty()) {
      fields["remoteAddr"] = peer_;
    }
    log_.write(level, message, {fields.begin(), fields.end()});
  }

  void info(std::string_view message, const std::map<std::string, std::string>& fields = {}) const {
    write(LogLevel::info, message, fields);
  }

  void error(std::string_view message,
             const std::map<std::string, std::string>& fields = {}) const {
    write(LogLevel::error, message, fields);
  }

 private:
  Log& log_;
  std::string role_;
  std::string own_address_;
  std::string peer_;
};

}  // namespace rehearsal::keyserver
