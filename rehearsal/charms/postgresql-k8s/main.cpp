// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"
#include "charm/juju/log_sink.hpp"
#include "charm/pebble/transport.hpp"

#include <exception>
#include <iostream>

namespace {

int dispatch(const charm::juju::Context& context) {
  charm::juju::ProcessRunner runner;
  const charm::juju::HookTools tools(runner);
  charm::pebble::UnixSocketTransport transport("/charm/containers/postgresql/pebble.socket");
  const charm::pebble::Client pebble(transport);
  try {
    postgresql::Charm(context, runner, pebble).dispatch();
    return 0;
  } catch (const std::exception& error) {
    if (!context.action_name.empty()) {
      tools.action_fail(error.what());
      return 0;
    }
    tools.log("ERROR", error.what());
    return 1;
  }
}

}  // namespace

int main() {
  try {
    const charm::juju::Context context =
        charm::juju::Context::from(charm::juju::process_environment());
    return context.concerns_us() ? dispatch(context) : 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
