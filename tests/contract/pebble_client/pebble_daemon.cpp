// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble_client/pebble_daemon.hpp"

#include "tests/support/file_text.hpp"

#include <csignal>
#include <filesystem>
#include <thread>

namespace test {
namespace {

namespace fs = std::filesystem;

/// `pebble` on PATH, else the rehearsal's agent if it has been built.
std::optional<std::string> pebble_program() {
  if (const auto program = find_on_path("pebble")) {
    return program;
  }
  const fs::path agent = fs::path(BUILD_DIR) / "rehearsal/pebble/rehearsal-pebble";
  return fs::exists(agent) ? std::optional(agent.string()) : std::nullopt;
}

}  // namespace

PebbleDaemon::PebbleDaemon() : program_(pebble_program()) {
  fs::create_directories(directory_.path() / "w");
}

PebbleDaemon::~PebbleDaemon() {
  stop();
}

void PebbleDaemon::SetUp() {
  if (!program_) {
    GTEST_SKIP() << "there is no pebble on PATH, and rehearsal-pebble is not built";
  }
  start();
}

void PebbleDaemon::start() {
  process_ = std::make_unique<ChildProcess>(
      Command{.arguments = {*program_, "run", "--create-dirs", "--hold"},
              .environment = {"PEBBLE=" + directory_.path().string(), "PEBBLE_PERSIST=never"}},
      directory_.path() / "log");
  for (int i = 0; i < 500; ++i) {
    try {
      static_cast<void>(client.version());
      return;
    } catch (const charm::pebble::ConnectionError&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  FAIL() << *program_ << " does not answer: " << file_text(directory_.path() / "log");
}

void PebbleDaemon::stop() {
  if (process_) {
    process_->signal(SIGTERM);
    EXPECT_TRUE(process_->wait(std::chrono::seconds(20)));
    process_.reset();
  }
}

}  // namespace test
