// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace contract {

/// A network of its own for this thread and the processes it starts, with the loopback interface
/// alone. It needs CAP_SYS_ADMIN.
class PrivateNetwork {
 public:
  /// Throws std::runtime_error when it may not be made.
  PrivateNetwork();

  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;
  /// Back to the network of before.
  ~PrivateNetwork();

  /// An address of this network that is not a loopback address: who connects to it has it as well.
  static constexpr const char* address = "198.51.100.7";

 private:
  int before_;
};

}  // namespace contract
