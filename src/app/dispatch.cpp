// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/dispatch.hpp"

#include "charm/domain/deadline.hpp"
#include "charm/doors/open_doors.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/hook.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/log_sink.hpp"
#include "run_action.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <iostream>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace charm {

namespace {

constexpr std::string_view action_prefix = "actions/";

/// Passwords and keys pass through this process. They must not end up in a core file, and no other
/// process may read them through ptrace.
void guard_memory() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

std::string pebble_socket() {
  return "/charm/containers/" + std::string(hockeypuck::container) + "/pebble.socket";
}

/// A resolver that does not answer must not hold a hook: glibc waits 10 seconds for each of the
/// search domains that Kubernetes sets.
void limit_name_lookups() {
  ::setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);  // NOLINT(concurrency-mt-unsafe)
}

bool is_action(const juju::Context& context) {
  return context.dispatch_path.starts_with(action_prefix);
}

/// All questions to others end then. The hook tools that report the result follow.
Deadline deadline_of(const juju::Context& context) {
  constexpr std::chrono::seconds limit_of_hook(12);
  return is_action(context) ? deadline_of_action(context) : Deadline(limit_of_hook);
}

void run(const juju::Context& context, const juju::HookTools& juju, Deadline& end) {
  pebble::UnixSocketTransport transport(pebble_socket(), end);
  const pebble::Client pebble(transport, end);
  const keyserver::Client keyserver(hockeypuck::hkp_port, hockeypuck::metrics_port, end);
  RelatedDatabases databases(end);
  NetworkDownloads downloads(end);
  SystemClock clock(end);
  RandomKeys keys;
  const Doors doors{.juju = juju,
                    .pebble = pebble,
                    .keyserver = keyserver,
                    .databases = databases,
                    .downloads = downloads,
                    .clock = clock,
                    .keys = keys};
  if (is_action(context)) {
    run_action(context, doors);
  } else {
    run_hook(context, doors, observe(context, doors));
  }
}

/// Juju shows the error even if juju-log itself failed.
int fail(const std::exception& error) {
  spdlog::error("{}", error.what());
  std::cerr << error.what() << '\n';
  return 1;
}

void flush_log() {
  try {
    spdlog::default_logger()->flush();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

}  // namespace

int dispatch(const std::map<std::string, std::string>& environment) {
  const auto context = juju::Context::from(environment);
  if (!context.concerns_us()) {
    return 0;
  }
  guard_memory();
  juju::remove_abandoned_secret_files();
  limit_name_lookups();
  Deadline end = deadline_of(context);
  juju::ProcessRunner runner(end);
  const juju::HookTools juju(runner);
  auto logger = std::make_shared<spdlog::logger>("charm", juju::juju_log_sink(juju));
  logger->set_error_handler([](const std::string& text) { std::cerr << text << '\n'; });
  spdlog::set_default_logger(logger);
  int exit_code = 0;
  try {
    run(context, juju, end);
  } catch (const std::exception& error) {
    exit_code = fail(error);
  }
  flush_log();
  return exit_code;
}

}  // namespace charm
