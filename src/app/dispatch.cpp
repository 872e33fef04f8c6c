// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/dispatch.hpp"

#include "charm/app/admin_key.hpp"
#include "charm/app/apply.hpp"
#include "charm/app/endpoint.hpp"
#include "charm/app/observe.hpp"
#include "charm/app/reconcile.hpp"
#include "charm/app/run_action.hpp"
#include "charm/download/download.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/log_sink.hpp"
#include "charm/keyserver/client.hpp"
#include "charm/keyserver/statistics.hpp"
#include "charm/openpgp/signed_request.hpp"
#include "host_addresses.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <thread>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace charm {

namespace {

constexpr std::string_view action_prefix = "actions/";

/// Passwords and keys pass through this process: none may end in a core file or be read by a
/// neighbour through ptrace.
void guard_memory() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

std::string pebble_socket() {
  return "/charm/containers/" + std::string(hockeypuck::container) + "/pebble.socket";
}

bool wants_debug(const Snapshot& snapshot) {
  const auto found = snapshot.config.find("log-level");
  return found != snapshot.config.end() && found->second == ConfigValue("debug");
}

std::optional<std::int64_t> count_digests() {
  const auto statistics =
      keyserver::parse_statistics(keyserver::Client(hockeypuck::hkp_port).statistics().body);
  return statistics ? statistics->total : std::nullopt;
}

void run_hook(const juju::Context& context, const World& world) {
  Snapshot snapshot = observe(context, world);
  take_brought_key(snapshot);
  make_admin_key(snapshot, world);
  if (wants_debug(snapshot)) {
    spdlog::set_level(spdlog::level::debug);
  }
  spdlog::debug("{}", context.dispatch_path);
  apply(reconcile(snapshot), snapshot, world);
}

void run(const juju::Context& context, const juju::HookTools& juju) {
  pebble::UnixSocketTransport transport(pebble_socket());
  const pebble::Client pebble(transport);
  const World world{
      .juju = juju,
      .pebble = pebble,
      .probe = postgres::probe,
      .keyserver = [] { return keyserver::look(hockeypuck::hkp_port); },
      .keyserver_version = [] { return keyserver::version(hockeypuck::hkp_port); },
      .download = [](const Download& wanted,
                     const Databag& proxies) { return download::fetch(wanted, proxies); },
      .fetch = [](const Checksum& file,
                  const Databag& proxies) { return download::fetch(file, proxies); },
      .prepare_database =
          [](const postgres::Target& target) {
            postgres::KeyDatabase database(target, probe_seconds);
            static_cast<void>(database.prepare());
            return prefix_tree::DatabaseContent{.identity = database.identity(),
                                                .has_keys = database.has_keys()};
          },
      .count_keys =
          [](const postgres::Target& target) {
            return postgres::KeyDatabase(target, probe_seconds).digest_count();
          },
      .count_digests = count_digests,
      .new_admin_key =
          [](const std::string& user_id) { return openpgp::AdminKey::generate(user_id, today()); },
      .find_key =
          [](const std::string& fingerprint) {
            return keyserver::Client(hockeypuck::hkp_port).find(fingerprint);
          },
      .add_key =
          [](const std::string& armor) {
            static_cast<void>(keyserver::Client(hockeypuck::hkp_port).add(armor));
          },
      .try_admin_key =
          [](const openpgp::AdminKey& key) {
            const openpgp::SignedRequest request = openpgp::trial_request(key, today());
            return keyserver::Client(hockeypuck::hkp_port).remove(request.keytext, request.keysig);
          },
      .now = today,
      .metrics = [] { return keyserver::metrics(hockeypuck::metrics_port); },
      .addresses_of = [addresses = HostAddresses()](
                          const std::string& host) mutable { return addresses.of(host); },
      .pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }};
  if (context.dispatch_path.starts_with(action_prefix)) {
    run_action(context, world, keyserver::Client(hockeypuck::hkp_port));
  } else {
    run_hook(context, world);
  }
}

/// Juju shows what went wrong even where juju-log itself is what fails.
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
  juju::ProcessRunner runner;
  const juju::HookTools juju(runner);
  auto logger = std::make_shared<spdlog::logger>("charm", juju::juju_log_sink(juju));
  logger->set_error_handler([](const std::string& text) { std::cerr << text << '\n'; });
  spdlog::set_default_logger(logger);
  int exit_code = 0;
  try {
    run(context, juju);
  } catch (const std::exception& error) {
    exit_code = fail(error);
  }
  flush_log();
  return exit_code;
}

}  // namespace charm
