// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/domain/promtail.hpp"

#include "charm/app/logging.hpp"
#include "charm/app/workload.hpp"
#include "charm/download/download.hpp"
#include "charm/pebble/plan.hpp"
#include "put_in_plan.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace charm {

namespace {

const std::string service_name{promtail::service};

bool has_file(const Workload& workload, const std::string& path, const std::string& content) {
  const auto found = workload.promtail_files.find(path);
  return found != workload.promtail_files.end() && found->second == content;
}

/// The receipt is written when the program is in its place, and not before.
void install(const Download& wanted, const Databag& proxies, const World& world) {
  spdlog::info("downloading {}", wanted.target.path);
  File target = wanted.target;
  target.content = world.download(wanted, proxies);
  world.pebble.write({std::move(target)});
  world.pebble.write({{.path = wanted.receipt, .content = wanted.content_sha256}});
}

bool is_in_place(const PromtailPlan& wanted, const Workload& workload) {
  return std::all_of(
             wanted.files.begin(), wanted.files.end(),
             [&](const File& file) { return has_file(workload, file.path, file.content); }) &&
         has_file(workload, wanted.binary.receipt, wanted.binary.content_sha256) &&
         pebble::difference(workload.plan, wanted.layer).services.empty();
}

/// Whatever kills this dispatch, the next one finds the old service, or none that runs.
void restart(const PromtailPlan& wanted, const Workload& workload, const pebble::Client& pebble) {
  if (is_kept_up(workload, service_name)) {
    pebble.stop({service_name});
  }
  put_in_plan(pebble::difference(workload.plan, wanted.layer), pebble);
  pebble.start({service_name});
}

std::vector<Status> state_of_running(const Workload& workload) {
  if (service_state(workload, service_name) == "active") {
    return {};
  }
  return {{StatusKind::active,
           "logs are not sent: promtail keeps ending, see the log of the hockeypuck container"}};
}

std::vector<Status> run(const PromtailPlan& wanted, const Snapshot& snapshot, const World& world) {
  const Workload& workload = *snapshot.workload;
  if (is_in_place(wanted, workload) && is_kept_up(workload, service_name)) {
    return state_of_running(workload);
  }
  world.pebble.make_directories(wanted.directories);
  // First of all: by these files remove() knows that there is something of promtail.
  world.pebble.write(wanted.files);
  if (!has_file(workload, wanted.binary.receipt, wanted.binary.content_sha256)) {
    install(wanted.binary, snapshot.proxies, world);
  }
  restart(wanted, workload, world.pebble);
  return {};
}

void remove(const Workload& workload, const pebble::Client& pebble) {
  if (is_kept_up(workload, service_name)) {
    spdlog::info("stopping promtail");
    pebble.stop({service_name});
  }
  if (!workload.promtail_files.empty()) {
    pebble.remove({std::string(promtail::directory)}, true);
  }
}

/// The status holds the first line of what may be a long story.
std::vector<Status> failure(const Error& error) {
  const std::string reason = error.what();
  spdlog::warn("promtail: {}", reason);
  return {
      {StatusKind::active, "logs are not sent: promtail: " + reason.substr(0, reason.find('\n'))}};
}

}  // namespace

std::vector<Status> apply_promtail(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (!plan.logging) {
    return {};
  }
  try {
    if (plan.logging->promtail) {
      return run(*plan.logging->promtail, snapshot, world);
    }
    remove(*snapshot.workload, world.pebble);
    return {};
  } catch (const download::DownloadError& error) {
    return failure(error);
  } catch (const pebble::ChangeError& error) {
    return failure(error);
  } catch (const pebble::PathError& error) {
    return failure(error);
  } catch (const pebble::ApiError& error) {
    return failure(error);
  }
}

}  // namespace charm
