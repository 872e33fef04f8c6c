// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/pod_process.hpp"

#include "tests/support/file_text.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace test {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience(30);
constexpr std::chrono::milliseconds between_looks(1);

fs::path folder_of(pid_t pid) {
  return fs::path("/proc") / std::to_string(pid);
}

std::vector<pid_t> processes() {
  std::vector<pid_t> pids;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      pids.push_back(std::stoi(name));
    }
  }
  return pids;
}

fs::path network_of(pid_t pid) {
  std::error_code gone;
  return fs::read_symlink(folder_of(pid) / "ns/net", gone);
}

/// Has an environment variable, written `NAME=value`.
bool has(const std::string& environment, const std::string& variable) {
  return ('\0' + environment).find('\0' + variable + '\0') != std::string::npos;
}

bool is_dispatch(pid_t pid, const std::string& model_uuid, const std::string& variable) {
  if (file_text(folder_of(pid) / "comm") != "dispatch\n") {
    return false;
  }
  const std::string environment = file_text(folder_of(pid) / "environ");
  return has(environment, "JUJU_MODEL_UUID=" + model_uuid) && has(environment, variable);
}

}  // namespace

bool PodProcess::wait_for_file(const std::string& path, const std::string& text) const {
  const fs::path network = network_of(pid_);
  for (fs::path now = network; !network.empty() && now == network; now = network_of(pid_)) {
    for (const pid_t pid : processes()) {
      if (network_of(pid) == network &&
          file_text(folder_of(pid) / "root" / path.substr(1)).find(text) != std::string::npos) {
        return true;
      }
    }
    std::this_thread::sleep_for(between_looks);
  }
  return false;
}

void PodProcess::kill() const {
  ::kill(pid_, SIGKILL);
}

PodProcess wait_for_dispatch(const std::string& model_uuid, const std::string& variable) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    for (const pid_t pid : processes()) {
      if (is_dispatch(pid, model_uuid, variable)) {
        return PodProcess(pid);
      }
    }
    std::this_thread::sleep_for(between_looks);
  }
  throw std::runtime_error("there is no dispatch with " + variable);
}

}  // namespace test
