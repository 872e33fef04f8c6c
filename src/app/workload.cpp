// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/workload.hpp"

#include "charm/domain/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace charm {

namespace {

/// libpq's own minimum, and short enough for several endpoints within one hook.
constexpr int probe_seconds = 3;
constexpr std::size_t max_probed_endpoints = 3;
/// With one pause of a tenth of a second between two looks.
constexpr int max_looks_at_starting_keyserver = 50;
constexpr int inspected_log_lines = 50;

const std::string service_name{hockeypuck::service};

bool is_empty(const Layer& layer) {
  return layer.services.empty() && layer.checks.empty() && layer.log_targets.empty();
}

std::string service_state(const Workload& workload) {
  const auto found = workload.services.find(service_name);
  return found == workload.services.end() ? "" : found->second;
}

/// Pebble keeps a service in `active` and `backoff` by itself.
bool is_kept_up(const Workload& workload) {
  const std::string state = service_state(workload);
  return state == "active" || state == "backoff";
}

bool same_files(const Workload& workload, const WorkloadPlan& wanted) {
  return std::all_of(wanted.files.begin(), wanted.files.end(),
                     [&](const File& file) {
                       const auto found = workload.files.find(file.path);
                       return found != workload.files.end() && found->second == file.content;
                     }) &&
         workload.files.size() == wanted.files.size();
}

/// The service runs, or is kept being started, just as this plan wants it.
bool is_in_place(const Workload& workload, const WorkloadPlan& wanted) {
  return is_kept_up(workload) && same_files(workload, wanted) &&
         pebble::difference(workload.plan, wanted.layer).services.empty();
}

std::string endpoint_of(const Database& database) {
  const bool is_ipv6 = database.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + database.host + "]" : database.host) + ":" +
         std::to_string(database.port);
}

std::string_view libpq_word(SslMode mode) {
  switch (mode) {
    case SslMode::disable:
      return "disable";
    case SslMode::require:
      return "require";
    case SslMode::verify_full:
      break;
  }
  return "verify-full";
}

postgres::Target target_of(const Database& database) {
  return {.host = database.host,
          .port = database.port,
          .database = database.name,
          .user = database.user,
          .password = database.password,
          .ssl_mode = std::string(libpq_word(database.ssl_mode)),
          .ca = database.ca};
}

Status status_of(const Database& database, const postgres::ProbeResult& result) {
  const std::string server = "PostgreSQL at " + endpoint_of(database);
  switch (result.outcome) {
    case postgres::Outcome::ready:
      return {};
    case postgres::Outcome::read_only:
      return {StatusKind::waiting, "waiting for " + server + " to accept writes"};
    case postgres::Outcome::refused:
      return {StatusKind::waiting, "waiting for " + server + " to let us in: " + result.reason};
    case postgres::Outcome::untrusted:
      return {StatusKind::blocked, server + " is not trusted: " + result.reason +
                                       "; check the CA of the database relation"};
    case postgres::Outcome::unreachable:
      break;
  }
  return {StatusKind::waiting, "waiting for " + server + " to answer: " + result.reason};
}

struct Choice {
  const WorkloadPlan* workload = nullptr;  ///< The first whose database accepts writes.
  std::vector<Status> refusals;  ///< Why not the others; of one database, so one is shown.
};

Choice choose(const std::vector<WorkloadPlan>& workloads, const World& world) {
  Choice choice;
  for (std::size_t i = 0; i < std::min(workloads.size(), max_probed_endpoints); ++i) {
    const auto result = world.probe(target_of(workloads[i].database), probe_seconds);
    if (result.outcome == postgres::Outcome::ready) {
      choice.workload = &workloads[i];
      return choice;
    }
    choice.refusals.push_back(status_of(workloads[i].database, result));
    spdlog::info("{}", choice.refusals.back().message);
  }
  return choice;
}

/// A Go program dies with its error followed by the call stack: the name of each function and below
/// it, behind a tab, its place.
std::string last_words(const World& world) {
  const auto entries = world.pebble.logs({service_name}, inspected_log_lines);
  std::string words;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    const bool is_function = next != entries.end() && next->message.starts_with('\t');
    const bool is_stack =
        is_function || entry->message.starts_with('\t') || entry->message.starts_with("goroutine ");
    words = is_stack || entry->message.empty() ? words : entry->message;
  }
  return words;
}

Status does_not_start(const World& world) {
  return {StatusKind::blocked, "hockeypuck does not start: " + last_words(world) +
                                   "; Pebble keeps trying, see juju debug-log"};
}

void remove_stale_files(const Workload& workload, const WorkloadPlan& wanted,
                        const pebble::Client& pebble) {
  std::vector<std::string> stale;
  for (const auto& [path, content] : workload.files) {
    if (std::none_of(wanted.files.begin(), wanted.files.end(),
                     [&path = path](const File& file) { return file.path == path; })) {
      stale.push_back(path);
    }
  }
  if (!stale.empty()) {
    pebble.remove(stale, false);
  }
}

void write_files(const Workload& workload, const WorkloadPlan& wanted,
                 const pebble::Client& pebble) {
  if (!same_files(workload, wanted)) {
    pebble.write(wanted.files);
  }
}

/// Waits for a keyserver that was just started; a few tenths of a second are usual.
bool comes_up(const World& world) {
  for (int look = 0; look < max_looks_at_starting_keyserver; ++look) {
    if (world.keyserver() == KeyserverHealth::serving) {
      return true;
    }
    world.pause();
  }
  return false;
}

std::vector<Status> start(const WorkloadPlan& wanted, const Workload& workload,
                          const World& world) {
  spdlog::info("(re)starting hockeypuck with the database at {}", endpoint_of(wanted.database));
  world.pebble.make_directories(wanted.directories);
  write_files(workload, wanted, world.pebble);
  const Layer difference = pebble::difference(workload.plan, wanted.layer);
  try {
    // Killed between the layer and the replan, a process of the old definition would look right to
    // the next dispatch: so none runs then.
    if (!difference.services.empty() && is_kept_up(workload)) {
      world.pebble.stop({service_name});
    }
    if (!is_empty(difference)) {
      world.pebble.add_layer(hockeypuck::layer_label, difference);
    }
    world.pebble.replan();
  } catch (const pebble::ChangeError& error) {
    spdlog::error("{}", error.what());
    return {does_not_start(world)};
  }
  // Only now: until the service runs with the new configuration it may still need the old files.
  remove_stale_files(workload, wanted, world.pebble);
  if (!comes_up(world)) {
    return {{StatusKind::waiting, "waiting for hockeypuck to serve, see juju debug-log"}};
  }
  world.juju.application_version_set(world.keyserver_version());
  return {};
}

/// The service is as it should be; only checks and log targets may differ, which need no restart.
void update_around_service(const WorkloadPlan& wanted, const Workload& workload,
                           const pebble::Client& pebble) {
  const Layer difference = pebble::difference(workload.plan, wanted.layer);
  if (!is_empty(difference)) {
    pebble.add_layer(hockeypuck::layer_label, difference);
  }
}

std::vector<Status> look_after(const Snapshot& snapshot, const Choice& choice, const World& world) {
  if (choice.workload == nullptr) {
    return choice.refusals;
  }
  if (service_state(*snapshot.workload) == "backoff") {
    return {does_not_start(world)};
  }
  if (snapshot.keyserver == KeyserverHealth::database_failing) {
    return {{StatusKind::waiting,
             "PostgreSQL answers but hockeypuck's requests to it fail, see juju debug-log"}};
  }
  return {{StatusKind::waiting, "waiting for hockeypuck to answer on port 11371"}};
}

std::vector<Status> run(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const Workload& workload = *snapshot.workload;
  const auto in_place =
      std::find_if(plan.workloads.begin(), plan.workloads.end(),
                   [&](const WorkloadPlan& wanted) { return is_in_place(workload, wanted); });
  const bool settled = in_place != plan.workloads.end();
  if (settled) {
    update_around_service(*in_place, workload, world.pebble);
  }
  const bool serving = snapshot.keyserver == KeyserverHealth::serving;
  if (settled && serving && in_place == plan.workloads.begin()) {
    return {};
  }
  const Choice choice = choose(plan.workloads, world);
  if (choice.workload != nullptr && (!settled || choice.workload != &*in_place)) {
    return start(*choice.workload, workload, world);
  }
  if (settled && serving) {
    return {};
  }
  return settled ? look_after(snapshot, choice, world) : choice.refusals;
}

void stop(const Workload& workload, const pebble::Client& pebble) {
  if (is_kept_up(workload)) {
    spdlog::info("stopping hockeypuck");
    pebble.stop({service_name});
  }
  if (!workload.files.empty()) {
    pebble.remove(hockeypuck::managed_files(), false);
  }
}

}  // namespace

std::vector<Status> apply_workload(const Plan& plan, const Snapshot& snapshot, const World& world) {
  switch (plan.workload_goal) {
    case WorkloadGoal::run:
      return run(plan, snapshot, world);
    case WorkloadGoal::stop:
      stop(*snapshot.workload, world.pebble);
      break;
    case WorkloadGoal::leave:
      break;
  }
  return {};
}

}  // namespace charm
