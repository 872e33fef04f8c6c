// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/deadline.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/layer.hpp"
#include "charm/pebble/transport.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace charm::pebble {

/// Pebble understood the request and refused it. `kind` is Pebble's own word and may be empty.
class ApiError : public Error {
 public:
  ApiError(int status, std::string kind, const std::string& message);

  [[nodiscard]] int status() const noexcept { return status_; }

  [[nodiscard]] const std::string& kind() const noexcept { return kind_; }

 private:
  int status_;
  std::string kind_;
};

/// A change ended in error: a service failed to start or stop. The text holds Pebble's reason and
/// the last lines that the service printed.
class ChangeError : public Error {
 public:
  ChangeError(const std::string& text, std::string cause) : Error(text), cause_(std::move(cause)) {}

  /// Returns one line for a status: the service's last line, or Pebble's reason without output.
  [[nodiscard]] const std::string& cause() const noexcept { return cause_; }

 private:
  std::string cause_;
};

/// A file operation failed for one path, because of its name or its permissions.
class PathError : public InputError {
 public:
  using InputError::InputError;
};

struct LogEntry {
  std::string time;
  std::string message;
};

/// A file, directory or other entry of a file system.
struct FileInfo {
  std::string path;
  std::string name;
  std::string type;           ///< `file`, `directory`, `symlink` and others.
  std::uint64_t size = 0;     ///< In bytes, for a file.
  std::string last_modified;  ///< RFC 3339.
};

/// The parts of Pebble's HTTP API (v1; Pebble 1.26 and newer) that a charm needs. Any function may
/// throw ConnectionError. A refusal by Pebble is an ApiError.
class Client {
 public:
  /// replan(), start() and stop() wait for their change until the deadline, and at most for 30
  /// seconds.
  explicit Client(Transport& transport, const Deadline& end = no_deadline);

  [[nodiscard]] std::string version() const;  ///< `v1.26.0`

  [[nodiscard]] std::string plan() const;  ///< The combined plan as YAML text.
  /// Adds the layer, or merges it into the existing layer of that label. Services change at
  /// replan().
  void add_layer(std::string_view label, const Layer& layer) const;

  /// The state of each service by its name: `active`, `inactive`, `backoff` or `error`.
  [[nodiscard]] std::map<std::string, std::string> services() const;
  /// Returns the state of one service; empty if Pebble does not know it.
  [[nodiscard]] std::string service_state(std::string_view name) const;
  void start(const std::vector<std::string>& names) const;  ///< Waits; throws ChangeError.
  void stop(const std::vector<std::string>& names) const;   ///< Waits; throws ChangeError.
  void replan() const;                                      ///< Waits; throws ChangeError.
  /// Sends a signal to the main process of a running service; `name` as in `SIGUSR1`.
  void send_signal(std::string_view name, std::string_view service) const;

  /// The status of each check by its name: `up`, `down` or `inactive`.
  [[nodiscard]] std::map<std::string, std::string> checks() const;

  /// Reads several files with one request. Files that do not exist are left out.
  [[nodiscard]] std::map<std::string, std::string> read(
      const std::vector<std::string>& paths) const;
  /// Reads one file that may be large. Returns nothing if it does not exist. Throws PathError, for
  /// example if the file has more bytes than the limit.
  [[nodiscard]] std::optional<std::string> read(const std::string& path,
                                                std::size_t most_bytes) const;
  /// Returns the entries of a directory, or the file itself, sorted by name. Returns nothing if the
  /// path does not exist.
  [[nodiscard]] std::optional<std::vector<FileInfo>> list(const std::string& path) const;
  /// Returns the size in bytes; 0 as well for a file that does not exist.
  [[nodiscard]] std::uint64_t file_size(std::string_view path) const;
  /// Writes several files with one request, each atomically, and creates parent directories. Throws
  /// PathError for the first file that failed.
  void write(const std::vector<File>& files) const;
  void make_directories(const std::vector<Directory>& directories) const;  ///< With parents.
  void remove(const std::vector<std::string>& paths,
              bool recursive) const;  ///< Missing paths are not an error.

  /// Returns the newest lines of the services' output, oldest first.
  [[nodiscard]] std::vector<LogEntry> logs(const std::vector<std::string>& services,
                                           int lines) const;

 private:
  void change_services(std::string_view action, const std::vector<std::string>& names) const;
  void change(const nlohmann::json& body) const;

  Transport* transport_;
  const Deadline* end_;
};

/// Returns the last output of a Go program that crashed, without the call stack; empty without
/// output.
[[nodiscard]] std::string last_output(const std::vector<LogEntry>& entries);

}  // namespace charm::pebble
