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

/// One container's Pebble, answered from memory as Pebble 1.26 does, for what pebble::Client uses.
/// Layers are read as JSON with `override: replace` only, and validated like Pebble's: an unknown
/// key refuses the whole layer. Changes end at once.
class FakePebble final : public charm::pebble::Transport {
 public:
  FakePebble();
  ~FakePebble() override;

  charm::pebble::Response send(const charm::pebble::Request& request,
                               std::chrono::milliseconds timeout) override;

  /// The container starts anew: layers and services are gone, and files outside the storage.
  void restart_container();

  /// The plan as JSON, what all layers add up to.
  [[nodiscard]] nlohmann::json plan() const;
  /// `active`, `inactive`, `backoff` or `error`.
  [[nodiscard]] std::string current(const std::string& service) const;
  [[nodiscard]] int starts(const std::string& service) const;
  /// The process of a running service ends by itself.
  void end(const std::string& service, int exit_code);

  /// What is below it outlives the container.
  static constexpr const char* storage = "/hockeypuck/data/";

  bool down = false;                ///< Nothing listens on the socket.
  bool stuck = false;               ///< Changes never end.
  std::string version = "v1.26.0";  ///< With v1.3 it refuses log targets.
  /// Services whose process prints these lines and dies with code 1 within its first second.
  std::map<std::string, std::vector<std::string>> exits_quickly;
  std::set<std::string> not_in_image;               ///< Services whose program cannot be executed.
  std::map<std::string, std::string> check_status;  ///< Checks that are not `up`.
  std::map<std::string, charm::File> files;
  std::map<std::string, charm::Directory> directories;
  std::set<std::string> unwritable;  ///< Paths refused with `permission-denied`.
  std::vector<charm::pebble::LogEntry> logs;
  std::vector<std::string> signals;  ///< Sent so far: `SIGUSR1 hockeypuck`.
  std::vector<std::string>
      posts;  ///< Every request that may change something: `/v1/services stop`.

 private:
  using Json = nlohmann::json;

  Json route(const charm::pebble::Request& request, const std::string& path);
  Json post(const charm::pebble::Request& request, const std::string& path);

  Json add_layer(const Json& body);

  Json send_signal(const Json& body);

  Json change_services(const Json& body);
  std::vector<std::string> named_services(const Json& body) const;
  Json replan_tasks();
  Json start_task(const std::string& name);
  Json stop_task(const std::string& name);
  Json new_change(const std::string& kind, Json tasks);
  Json change(const std::string& path) const;

  Json service_list() const;
  Json check_list() const;
  Json health(const std::string& target) const;
  std::string log_lines(const std::string& target) const;

  charm::pebble::Response read_files(const std::string& target) const;
  Json list_files(const std::string& path, bool itself) const;
  Json write_files(const charm::pebble::Request& request);
  Json change_files(const Json& body);
  Json file_result(const std::string& path) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace test
