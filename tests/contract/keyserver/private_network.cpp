// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/private_network.hpp"

#include "tests/support/child_process.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace contract {
namespace {

void must_run(const std::vector<std::string>& arguments) {
  const test::CommandResult result = test::run({.arguments = arguments});
  if (result.status != 0) {
    throw std::runtime_error(result.error);
  }
}

}  // namespace

PrivateNetwork::PrivateNetwork() : before_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  if (before_ < 0 || unshare(CLONE_NEWNET) != 0) {
    close(before_);
    throw std::runtime_error("no network namespace without CAP_SYS_ADMIN");
  }
  must_run({"ip", "link", "set", "lo", "up"});
  must_run({"ip", "address", "add", std::string(address) + "/32", "dev", "lo"});
}

PrivateNetwork::~PrivateNetwork() {
  setns(before_, CLONE_NEWNET);
  close(before_);
}

}  // namespace contract
