// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <map>
#include <string>

namespace prometheus {

/// Prometheus in the workload container. Functions throw charm::pebble::ConnectionError while
/// Pebble is not there.
class Server {
 public:
  explicit Server(const charm::pebble::Client& pebble) : pebble_(&pebble) {}

  /// Has it run with exactly the files of configuration(); a running one reads them anew, and only
  /// when they changed. False when it refuses to. Throws charm::pebble::ChangeError when it does
  /// not start.
  [[nodiscard]] bool run(const std::map<std::string, std::string>& files) const;

 private:
  [[nodiscard]] bool write(const std::map<std::string, std::string>& files) const;
  [[nodiscard]] bool active() const;

  const charm::pebble::Client* pebble_;
};

}  // namespace prometheus
