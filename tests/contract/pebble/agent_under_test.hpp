// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/contract/pebble/test_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <sys/types.h>

namespace contract::pebble {

/// The program that must pass: always the rehearsal's own agent, and the `pebble` on PATH if it
/// exists.
enum class Program { stand_in, real };

/// Prints it for GoogleTest.
void PrintTo(Program program, std::ostream* out);

/// The path of the program; nothing if there is no `pebble` on PATH.
std::optional<std::string> find_program(Program program);

/// A new folder under the temporary folder, with a short name for the sake of sockets.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct AgentSetup {
  std::vector<std::string> arguments{"--hold"};
  std::map<std::string, std::string> environment;
  /// The path of the socket; empty for a new one.
  std::string socket;
};

/// A running agent, stopped at the end.
class AgentUnderTest {
 public:
  /// Starts it and waits until it answers. Throws std::runtime_error.
  AgentUnderTest(Program program, const AgentSetup& setup = {});
  ~AgentUnderTest();
  AgentUnderTest(const AgentUnderTest&) = delete;
  AgentUnderTest& operator=(const AgentUnderTest&) = delete;

  const std::string& socket() const { return socket_; }

  const std::filesystem::path& folder() const { return folder_.path(); }

  pid_t pid() const { return pid_; }

  /// 32 for Pebble 1.32.
  int minor_version() const { return minor_version_; }

  Answer get(const std::string& target) const;
  Answer post(const std::string& target, const Json& body) const;

  /// Adds a layer, which must be accepted.
  void add_layer(const std::string& label, const std::string& yaml, bool combine = false) const;
  std::string plan() const;
  /// Does something with services, waits for the change and returns it.
  Json change(const std::string& action, const std::vector<std::string>& services = {}) const;
  /// The same without waiting: returns the change's ID.
  std::string begin_change(const std::string& action,
                           const std::vector<std::string>& services = {}) const;
  Json wait_change(const std::string& id) const;
  /// The "current" of a service.
  std::string current(const std::string& service) const;
  /// The messages of a service's log.
  std::vector<std::string> log(const std::string& service, int count = 99'999) const;

  /// Sends a signal to the agent and returns its exit code, 128 and more for a signal.
  int end_with(int signal);
  /// Waits until the agent ends without a signal.
  int wait_for_end();

 private:
  void start(const std::string& path, const AgentSetup& setup);
  void wait_until_it_answers();

  TemporaryFolder folder_;
  std::string socket_;
  pid_t pid_ = -1;
  int minor_version_ = 0;
};

/// The base of all cases: each runs against each program.
class PebbleContract : public testing::TestWithParam<Program> {
 protected:
  void SetUp() override;

  Program program() const { return GetParam(); }
};

std::string program_name(const testing::TestParamInfo<Program>& info);

}  // namespace contract::pebble

/// Makes a suite run against both programs.
#define RUN_AGAINST_BOTH(suite)                                                              \
  INSTANTIATE_TEST_SUITE_P(                                                                  \
      Pebble, suite,                                                                         \
      testing::Values(contract::pebble::Program::stand_in, contract::pebble::Program::real), \
      contract::pebble::program_name)
