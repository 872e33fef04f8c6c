// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace charm {

/// Asks for the addresses of hosts. Where name servers are silent each name takes long: after some
/// seconds, all questions together, none is asked for any more.
class HostAddresses {
 public:
  /// Returns IP addresses as text; none where the name cannot be resolved.
  [[nodiscard]] std::vector<std::string> of(const std::string& host);

 private:
  std::chrono::steady_clock::duration left_ = std::chrono::seconds(5);
};

}  // namespace charm
