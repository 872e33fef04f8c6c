// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/workload/workload.hpp"

#include "charm/domain/address.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"

#include <algorithm>
#include <iterator>

namespace charm {

namespace {

constexpr std::ptrdiff_t most_labels = 9;
constexpr std::size_t most_probed_endpoints = 3;

std::string label(std::ptrdiff_t number) {
  const std::string first{hockeypuck::layer_label};
  return number == 1 ? first : first + "-" + std::to_string(number);
}

template <typename Entries>
bool share_a_name(const Entries& left, const Entries& right) {
  return std::any_of(left.begin(), left.end(),
                     [&](const auto& entry) { return right.contains(entry.first); });
}

/// Whether a step of this dispatch added an entry that is still missing.
bool had_no_effect(const Performed& done, const Layer& missing) {
  const auto* added = std::get_if<step::AddLayer>(&done.step.what);
  return added != nullptr && (share_a_name(added->layer.services, missing.services) ||
                              share_a_name(added->layer.checks, missing.checks) ||
                              share_a_name(added->layer.log_targets, missing.log_targets));
}

Status status_of(const postgres::ProbeResult& result) {
  switch (result.outcome) {
    case postgres::Outcome::ready:
      return {};
    case postgres::Outcome::read_only:
      return statuses::waiting_for_writable_database();
    case postgres::Outcome::refused:
      return statuses::waiting_for_login(result.cause);
    case postgres::Outcome::not_ours:
      return statuses::foreign_database(result.cause);
    case postgres::Outcome::untrusted:
      return statuses::untrusted_database(result.cause);
    case postgres::Outcome::unreachable:
      break;
  }
  return statuses::waiting_for_database(result.cause);
}

}  // namespace

std::string service_state(const Workload& workload, const std::string& service) {
  const auto found = workload.services.find(service);
  return found == workload.services.end() ? "" : found->second;
}

bool is_kept_up(const Workload& workload, const std::string& service) {
  const std::string state = service_state(workload, service);
  return state == "active" || state == "backoff";
}

bool has_files(const std::map<std::string, std::string>& found, const std::vector<File>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const File& file) {
    const auto one = found.find(file.path);
    return one != found.end() && one->second == file.content;
  });
}

const Performed* last_start(const History& history, const std::string& service) {
  return history.last(step::StartService{service});
}

std::optional<Step> add_layer(Concern concern, const Layer& missing, const History& history) {
  if (missing == Layer{}) {
    return std::nullopt;
  }
  const std::ptrdiff_t tried =
      history.count([&](const Performed& done) { return had_no_effect(done, missing); });
  if (tried == most_labels) {
    return std::nullopt;
  }
  Step step{concern, step::AddLayer{label(tried + 1), missing}, {}};
  if (tried > 0) {
    step.log = "another layer of Pebble lies above " + label(tried) + " and changes what is in it";
  }
  return step;
}

std::optional<Step> place_files(Concern concern, const WorkloadPlan& wanted,
                                const Snapshot& snapshot) {
  const bool made = snapshot.history.last_if([&](const Performed& done) {
    const auto* placed = std::get_if<step::PlaceFiles>(&done.step.what);
    return placed != nullptr && placed->directories == wanted.directories;
  }) != nullptr;
  if (!has_files(snapshot.workload->files, wanted.files)) {
    return Step{concern, step::PlaceFiles{wanted.directories, wanted.files}, {}};
  }
  return made ? std::nullopt
              : std::optional(Step{concern, step::PlaceFiles{wanted.directories, {}}, {}});
}

std::optional<Step> stop_services(Concern concern, const std::vector<std::string>& services,
                                  const Workload& workload) {
  std::vector<std::string> running;
  std::copy_if(services.begin(), services.end(), std::back_inserter(running),
               [&](const std::string& service) { return is_kept_up(workload, service); });
  return running.empty() ? std::nullopt
                         : std::optional(Step{concern, step::StopServices{running}, {}});
}

std::ptrdiff_t pauses_since(const Performed* begin, const History& history) {
  return history.count([begin](const Performed& done) {
    return std::holds_alternative<step::Pause>(done.step.what) && History::is_later(&done, begin);
  });
}

const Refusal* fault_of_pebble(Concern concern, const History& history) {
  const Performed* failed = history.last_if([concern](const Performed& done) {
    const Refusal* refusal = refusal_of(&done);
    return refusal != nullptr && done.step.concern == concern &&
           (refusal->by == Refusal::By::pebble || refusal->by == Refusal::By::file_system ||
            std::holds_alternative<step::StopServices>(done.step.what));
  });
  return refusal_of(failed);
}

std::string endpoint_of(const Database& database) {
  return host_and_port(database.host, database.port);
}

Choice choose(Concern concern, const std::vector<WorkloadPlan>& workloads, const History& history) {
  Choice choice;
  for (std::size_t i = 0; i < std::min(workloads.size(), most_probed_endpoints); ++i) {
    const Database& database = workloads[i].database;
    const Performed* asked = history.last(step::ProbeDatabase{database});
    if (asked == nullptr) {
      choice.question = Step{concern, step::ProbeDatabase{database}, {}};
      return choice;
    }
    const auto& result = std::get<postgres::ProbeResult>(asked->answer);
    if (result.outcome == postgres::Outcome::ready) {
      choice.workload = &workloads[i];
      return choice;
    }
    choice.refusals.push_back(status_of(result));
  }
  return choice;
}

}  // namespace charm
