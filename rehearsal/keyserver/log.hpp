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

/// Returns seconds since 1970 as "2025-01-01T12:00:00Z".
std::string utc_timestamp(std::int64_t seconds);
/// Returns the current time.
std::string utc_timestamp();

/// No line has one of the last two levels: a log with such a level is silent.
enum class LogLevel { debug, info, warning, error, fatal, panic };

/// Lines of `key=value` pairs as Hockeypuck's log writes them, on standard error or in a file.
class Log {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Writes to standard error, at level info.
  Log() = default;
  /// An unknown level means info. If the file cannot be opened, the log is silent. As in
  /// Hockeypuck, standard error reports either fault once.
  Log(const std::string& level, const std::string& file);

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  /// Opens the file again, because it may have been replaced.
  void reopen();

  /// Leaves out an empty message.
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

/// Lines about reconciliation with one peer, with Hockeypuck's labels. They are "serve" if the peer
/// connected to this server, "gossip" if this server connected to it, and `recon` for the keys that
/// follow.
class ReconLog {
 public:
  /// `own_address` is reconAddr. `peer` is the other end of the connection, empty if there is none.
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
