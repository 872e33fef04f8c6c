// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace test {

/// A separate Pebble daemon without layers for each test, and a client of it.
class PebbleDaemon : public testing::Test {
 protected:
  PebbleDaemon();
  ~PebbleDaemon() override;

  void SetUp() override;

  /// Starts the daemon and waits until it answers.
  void start();
  /// Ends the daemon and its services in an orderly way.
  void stop();

  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_.path() / "w" / name;
  }

 private:
  TemporaryDirectory directory_{"pebble"};
  std::optional<std::string> program_;
  std::unique_ptr<ChildProcess> process_;

 protected:
  charm::pebble::UnixSocketTransport transport{directory_.path() / ".pebble.socket"};
  charm::pebble::Client client{transport};
};

}  // namespace test
