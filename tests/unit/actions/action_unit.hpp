// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "tests/support/fake_juju.hpp"
#include "tests/support/fake_pebble.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <thread>

namespace charm::actions {

/// A unit with hook tools and Pebble in memory. The test says what its keyserver answers.
class ActionUnit {
 public:
  ActionUnit() { juju.action.emplace(); }

  ActionUnit(const ActionUnit&) = delete;
  ActionUnit& operator=(const ActionUnit&) = delete;

  ~ActionUnit() {
    keyserver.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  /// From now on `keyserver` answers as its routes say.
  void listen() {
    port = keyserver.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { keyserver.listen_after_bind(); });
    while (!keyserver.is_running()) {  // Before that, stop() would be lost.
      std::this_thread::yield();
    }
  }

  /// Runs the action of that name; `open_doors` adds further doors.
  Results run(std::string_view action, const nlohmann::json& parameters,
              const std::function<void(ActionContext&)>& open_doors = {}) {
    const Parameters given(parameters.dump());
    const juju::HookTools tools(juju);
    const pebble::Client client(pebble);
    ActionContext context{.parameters = given,
                          .unit = juju.unit,
                          .juju = tools,
                          .pebble = client,
                          .keyserver = LocalKeyserver(port, 0)};
    if (open_doors) {
      open_doors(context);
    }
    return std::ranges::find(actions(), action, &Action::name)->run(context);
  }

  test::FakeJuju juju;
  test::FakePebble pebble;
  httplib::Server keyserver;
  int port = 0;

 private:
  std::thread thread_;
};

/// Why the work fails, and in `shown` what it shows nevertheless.
inline std::string failure_of(const std::function<Results()>& work, Results& shown) {
  try {
    shown = work();
    return "it did not fail";
  } catch (const Failure& failure) {
    shown = failure.results();
    return failure.what();
  }
}

}  // namespace charm::actions
