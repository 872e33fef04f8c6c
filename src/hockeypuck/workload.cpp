// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"

#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace charm::hockeypuck {
namespace {

constexpr std::string_view binary = "/hockeypuck/bin/hockeypuck";

/// The entries for other units.
std::size_t count_units(std::string_view configuration) {
  constexpr std::string_view entry = "[hockeypuck.conflux.recon.partner.unit";
  std::size_t count = 0;
  for (auto at = configuration.find(entry); at != std::string_view::npos;
       at = configuration.find(entry, at + entry.size())) {
    ++count;
  }
  return count;
}

/// A unit that is gone keeps its place as long as nothing else changes, so that a smaller number of
/// units restarts no keyserver.
std::string configuration(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                          const Database& database) {
  const Unit& unit = snapshot.unit;
  std::string wanted = render_configuration(unit, settings, facts, database);
  if (!snapshot.workload) {
    return wanted;
  }
  const auto& found = snapshot.workload->files;
  const auto in_place = found.find(std::string(config_path));
  if (in_place == found.end() || in_place->second == wanted) {
    return wanted;
  }
  const std::size_t places = count_units(in_place->second);
  if (places <= count_units(wanted)) {
    return wanted;
  }
  Facts with_place = facts;
  with_place.peer_units.push_back(unit.app + "/" + std::to_string(places));
  std::string larger = render_configuration(unit, settings, with_place, database);
  return larger == in_place->second ? larger : wanted;
}

std::vector<File> files(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                        const Database& database) {
  std::vector<File> files = {
      private_file(config_path, configuration(snapshot, settings, facts, database))};
  if (database.ssl_mode == SslMode::verify_full) {
    files.push_back(private_file(ca_path, database.ca));
  }
  return files;
}

/// Hashes the lengths as well, so that two different sets of files never look the same.
std::string digest(const std::vector<File>& files) {
  std::string all;
  for (const File& file : files) {
    all += std::to_string(file.path.size()) + ':' + file.path;
    all += std::to_string(file.content.size()) + ':' + file.content;
  }
  return sha256(all);
}

/// Juju passes the model's proxies only to the charm. Go programs read the usual variables in
/// either case.
void add_proxies(const Databag& proxies, std::map<std::string, std::string>& environment) {
  struct Names {
    const char* juju;
    const char* lower;
    const char* upper;
  };

  constexpr std::array names = {Names{"JUJU_CHARM_HTTP_PROXY", "http_proxy", "HTTP_PROXY"},
                                Names{"JUJU_CHARM_HTTPS_PROXY", "https_proxy", "HTTPS_PROXY"},
                                Names{"JUJU_CHARM_NO_PROXY", "no_proxy", "NO_PROXY"}};
  for (const auto& [juju, lower, upper] : names) {
    const auto proxy = proxies.find(juju);
    if (proxy != proxies.end() && !proxy->second.empty()) {
      environment[lower] = proxy->second;
      environment[upper] = proxy->second;
    }
  }
}

Service keyserver(const Databag& proxies, const std::vector<File>& files) {
  Service service{.summary = "Hockeypuck OpenPGP keyserver",
                  .command = std::string(binary) + " -config " + std::string(config_path),
                  .working_dir = std::string(tree_directory),
                  .on_failure = "restart",
                  .backoff_delay = "1s",
                  .backoff_limit = "30s",
                  // A reconciliation in progress can delay the end. Kubernetes kills the pod after
                  // 30 s, and Pebble itself needs a few of them after the service's end.
                  .kill_delay = "20s",
                  .on_check_failure = {{std::string(alive_check), "restart"}},
                  .user_id = user_id,
                  .group_id = user_id};
  service.environment["HOCKEYPUCK_CONFIG_SHA256"] = digest(files);
  add_proxies(proxies, service.environment);
  return service;
}

/// `alive` makes Pebble restart a keyserver that hangs. It has no level: Kubernetes' liveness probe
/// checks the level, and would end the whole container while the service is stopped on purpose.
///
/// `ready` looks up the admin key, which needs the database. It checks the port until there is an
/// admin key. The `recon` port has no check: each connection would appear in the log and in the
/// metrics as a failed reconciliation.
std::map<std::string, Check> checks(const std::optional<AdminKeyReference>& admin_key) {
  const Check alive{.period = "10s",
                    .timeout = "3s",
                    .threshold = 6,
                    .http_url = "http://localhost:" + std::to_string(hkp_port) + "/pks/health"};
  Check ready{.level = "ready", .period = "10s", .timeout = "3s", .threshold = 3};
  if (admin_key) {
    ready.http_url = "http://localhost:" + std::to_string(hkp_port) +
                     "/pks/lookup?op=get&search=0x" + admin_key->fingerprint;
  } else {
    ready.tcp_port = hkp_port;
  }
  return {{std::string(alive_check), alive}, {std::string(ready_check), ready}};
}

}  // namespace

std::vector<std::string> managed_files() {
  return {std::string(config_path), std::string(ca_path)};
}

Directory private_directory(std::string_view path) {
  return {.path = std::string(path), .mode = 0750, .user_id = user_id, .group_id = user_id};
}

File private_file(std::string_view path, std::string content) {
  return {.path = std::string(path),
          .content = std::move(content),
          .mode = 0640,
          .user_id = 0,
          .group_id = user_id};
}

File empty_log() {
  File log = private_file(log_path, {});
  log.user_id = user_id;
  return log;
}

std::set<int> ports() {
  return {recon_port, hkp_port, metrics_port};
}

WorkloadPlan plan_workload(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                           const Database& database) {
  WorkloadPlan plan{.database = database};
  plan.directories = {private_directory(tree_directory)};
  // Without its directory the keyserver would run and write no log.
  if (facts.promtail) {
    plan.directories.push_back(private_directory(log_directory));
  } else {
    plan.obsolete = {std::string(log_directory)};
  }
  plan.files = files(snapshot, settings, facts, database);
  plan.layer.services[std::string(service)] = keyserver(snapshot.proxies, plan.files);
  plan.layer.checks = checks(facts.admin_keys.current);
  plan.key_load = key_load::plan(settings, database);
  return plan;
}

}  // namespace charm::hockeypuck
