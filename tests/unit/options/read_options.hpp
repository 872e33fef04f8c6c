// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/options/settings.hpp"

#include <map>
#include <string>
#include <vector>

namespace test {

/// The results of read_settings() for some options.
struct ReadOptions {
  std::vector<charm::Status> statuses;
  charm::Settings settings;

  explicit ReadOptions(const std::map<std::string, charm::ConfigValue>& config)
      : settings(charm::read_settings(config, statuses)) {}

  ReadOptions(const std::string& option, const charm::ConfigValue& value)
      : ReadOptions(std::map<std::string, charm::ConfigValue>{{option, value}}) {}

  /// The message of the only status, which must be a blocked one. Otherwise a description of the
  /// statuses.
  [[nodiscard]] std::string complaint() const {
    if (statuses.size() == 1 && statuses.front().kind == charm::StatusKind::blocked) {
      return statuses.front().message;
    }
    return "<" + std::to_string(statuses.size()) + " statuses>";
  }
};

/// The complaint about one wrong option, which must have kept its default.
inline std::string refusal(const std::string& option, const charm::ConfigValue& value) {
  const ReadOptions read(option, value);
  return read.settings == charm::Settings{.right = false} ? read.complaint() : "<default not kept>";
}

}  // namespace test
