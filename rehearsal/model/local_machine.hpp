// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/machine.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace rehearsal {

/// Runs charms as plain processes of this machine, each unit in a folder. It is for charms without
/// containers on machines that do not allow namespaces. Where an environment or a command names
/// /var/lib/juju, this inserts the unit's own folder before it.
class LocalMachine final : public Machine {
 public:
  explicit LocalMachine(std::filesystem::path directory);

  void create_pod(const PodSpec& spec) override;
  void delete_pod(const std::string& unit, std::chrono::milliseconds grace) override;
  void restart_container(const std::string& unit, const std::string& container) override;
  [[nodiscard]] bool pod_exists(const std::string& unit) const override;
  [[nodiscard]] bool container_running(const std::string& unit,
                                       const std::string& container) const override;
  [[nodiscard]] std::filesystem::path charm_root(const std::string& unit) const override;
  [[nodiscard]] std::filesystem::path container_root(const std::string& unit,
                                                     const std::string& container) const override;
  [[nodiscard]] std::filesystem::path pebble_socket(const std::string& unit,
                                                    const std::string& container) const override;
  ExecutionResult execute(const std::string& unit, const Execution& execution) override;
  void set_names(const std::map<std::string, std::vector<std::string>>& names) override;
  void destroy() override;

  /// Returns the names of the last set_names().
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& names() const {
    return names_;
  }

 private:
  std::filesystem::path directory_;
  std::map<std::string, std::vector<std::string>> names_;
};

}  // namespace rehearsal
