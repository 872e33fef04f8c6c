// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/pebble/client.hpp"
#include "charm/pebble/transport.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace test {

/// One container's Pebble: the decisions of the rehearsal's agent, with processes, files and time
/// in memory. Changes end immediately. Otherwise time does not pass: nothing leaves its back-off,
/// and no check runs.
class FakePebble final : public charm::pebble::Transport {
 public:
  /// A line of a service's output.
  struct LogLine {
    std::string time;
    std::string service;
    std::string message;
  };

  FakePebble();
  ~FakePebble() override;

  charm::pebble::Response send(const charm::pebble::Request& request,
                               std::chrono::milliseconds timeout) override;

  /// Restarts the container: layers, services, and files outside the storage are gone.
  void restart_container();

  /// The combined plan of all layers, as JSON.
  [[nodiscard]] nlohmann::json plan() const;
  /// `active`, `inactive`, `backoff` or `error`.
  [[nodiscard]] std::string current(const std::string& service) const;
  [[nodiscard]] int starts(const std::string& service) const;
  /// Ends the process of a running service.
  void end(const std::string& service, int exit_code);

  /// Files below it outlive the container.
  static constexpr const char* storage = "/hockeypuck/data/";

  bool down = false;                ///< No program listens on the socket.
  bool stuck = false;               ///< Changes never end.
  std::string version = "v1.26.0";  ///< v1.3 refuses log targets.
  /// Services whose process prints these lines and exits with code 1 within its first second.
  std::map<std::string, std::vector<std::string>> exits_quickly;
  std::set<std::string> not_in_image;               ///< Services whose program cannot be executed.
  std::map<std::string, std::string> check_status;  ///< Checks that are not `up`.
  std::map<std::string, charm::File> files;
  std::map<std::string, charm::Directory> directories;
  std::set<std::string> links;       ///< Paths of symbolic links.
  std::set<std::string> unwritable;  ///< Paths that are refused with `permission-denied`.
  std::set<std::string> unreadable;  ///< Paths that are refused with `generic-file-error`.
  std::set<std::string> failing;     ///< Endpoints that fail with HTTP 500: `/v1/plan`.
  std::vector<LogLine> logs;
  std::vector<std::string> signals;  ///< The signals sent so far: `SIGUSR1 hockeypuck`.
  std::vector<std::string>
      posts;  ///< Every request that may change something: `/v1/services stop`.
  std::vector<std::string> waits;  ///< The targets of the requests that wait for a change.

 private:
  class Container;
  class Files;

  charm::pebble::Response answer(const charm::pebble::Request& request);
  [[nodiscard]] std::string log_lines(const std::string& target) const;
  [[nodiscard]] nlohmann::json checks() const;
  void record_post(const charm::pebble::Request& request);
  void record_signal(const charm::pebble::Request& request);

  std::unique_ptr<Files> file_system_;
  std::unique_ptr<Container> container_;
};

}  // namespace test
