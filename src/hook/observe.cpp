// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/domain/address.hpp"
#include "charm/domain/certificates.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/domain/text.hpp"
#include "charm/domain/upload_policy.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/hook/hook.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/options/settings.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "memory.hpp"
#include "relations.hpp"

#include <spdlog/spdlog.h>

#include <charconv>

namespace charm {

namespace {

/// A remote application may name any number of secrets; none of our interfaces needs more.
constexpr std::size_t max_secrets_per_relation = 8;

Unit identify(const juju::Context& context) {
  Unit unit{
      .name = context.unit_name, .model = context.model_name, .model_uuid = context.model_uuid};
  const auto slash = unit.name.find('/');
  unit.app = unit.name.substr(0, slash);
  if (slash != std::string::npos) {
    std::from_chars(unit.name.data() + slash + 1, unit.name.data() + unit.name.size(), unit.number);
  }
  unit.fqdn = pod_name(unit.name, unit.model);
  return unit;
}

void read_secret(const std::string& uri, std::map<std::string, Databag>& secrets,
                 const juju::HookTools& juju) {
  auto content = read_unless_vanished([&] { return juju.secret_get(uri); });
  if (content && !content->empty()) {
    secrets[uri] = *std::move(content);
  }
}

/// Reads every secret that the remote applications name, without knowledge of the interfaces. After
/// that, Juju reports the secret's next revision to this unit.
std::map<std::string, Databag> read_secrets(const std::vector<Relation>& relations,
                                            const juju::HookTools& juju) {
  std::map<std::string, Databag> secrets;
  for (const auto& relation : relations) {
    std::size_t count = 0;
    for (const auto& entry : relation.remote_app_data) {
      const std::string& value = entry.second;
      if (secret_id(value).empty() || ++count > max_secrets_per_relation) {
        continue;
      }
      read_secret(value, secrets, juju);
    }
  }
  return secrets;
}

/// Only the leader checks an operator's secret. The other units read the secret that the leader
/// makes from it.
void read_brought_secret(Snapshot& snapshot, const juju::HookTools& juju) {
  const std::string uri = admin_key_secret(snapshot.config);
  if (!snapshot.unit.leader || secret_id(uri).empty()) {
    return;
  }
  read_secret(uri, snapshot.secrets, juju);
}

bool logs_to_a_file(const Workload& workload) {
  const auto configuration = workload.files.find(std::string(hockeypuck::config_path));
  return configuration != workload.files.end() &&
         configuration->second.find(hockeypuck::log_path) != std::string::npos;
}

/// One request for all files. It is the most expensive request of a hook without news.
std::vector<std::string> known_files() {
  std::vector<std::string> paths = hockeypuck::managed_files();
  const std::vector<std::string> of_promtail = promtail::managed_files();
  paths.insert(paths.end(), of_promtail.begin(), of_promtail.end());
  paths.emplace_back(prefix_tree::rebuild_path);
  paths.emplace_back(prefix_tree::record_path);
  paths.emplace_back(trust::path);
  paths.emplace_back(uploads_path);
  paths.emplace_back(key_load::job_path);
  return paths;
}

void take_tree_files(Workload& workload) {
  if (const auto file = workload.files.extract(std::string(prefix_tree::rebuild_path))) {
    workload.rebuild = prefix_tree::read_rebuild(file.mapped());
  }
  if (const auto file = workload.files.extract(std::string(prefix_tree::record_path))) {
    workload.tree_record = prefix_tree::read_record(file.mapped());
  }
}

void read_files(Workload& workload, const pebble::Client& pebble) {
  workload.rebuild.reset();
  workload.tree_record.reset();
  workload.promtail_files.clear();
  workload.trusted_certificates.clear();
  workload.uploads.clear();
  workload.log_size = 0;
  workload.files = pebble.read(known_files());
  take_tree_files(workload);
  if (auto file = workload.files.extract(std::string(trust::path))) {
    workload.trusted_certificates = std::move(file.mapped());
  }
  if (auto file = workload.files.extract(std::string(uploads_path))) {
    workload.uploads = std::move(file.mapped());
  }
  workload.has_key_load = workload.files.erase(std::string(key_load::job_path)) != 0;
  for (const std::string& path : promtail::managed_files()) {
    if (auto file = workload.files.extract(path)) {
      workload.promtail_files.insert(std::move(file));
    }
  }
  if (logs_to_a_file(workload)) {
    workload.log_size = pebble.file_size(hockeypuck::log_path);
  }
}

/// Parsing YAML is expensive, and the plan is usually unchanged.
PebblePlan read_plan(const std::string& text, const Snapshot& snapshot) {
  if (snapshot.workload && snapshot.workload->plan.text == text) {
    return snapshot.workload->plan;
  }
  const auto& memory = snapshot.memory;
  std::string digest = sha256(text);
  if (memory && memory->plan && memory->plan->text_digest == digest) {
    return {.text = text, .digest = std::move(digest), .entries = memory->plan->entries};
  }
  return pebble::read_plan(text);
}

/// The parts of the workload to read. Each except `health` is one request.
struct Parts {
  bool plan = true;
  bool services = true;
  bool files = true;
  bool health = true;
};

bool is_closed(const Workload& workload, const pebble::Client& pebble) {
  const auto build = workload.services.find(std::string(prefix_tree::service));
  return workload.rebuild && build != workload.services.end() && build->second == "inactive" &&
         pebble.file_size(prefix_tree::statistics_path) > 0;
}

Workload read_workload(const Parts& parts, const Snapshot& snapshot, const pebble::Client& pebble) {
  Workload workload = snapshot.workload.value_or(Workload{});
  if (!snapshot.workload) {
    workload.version = pebble.version();
  }
  if (parts.plan) {
    workload.plan = read_plan(pebble.plan(), snapshot);
  }
  if (parts.services) {
    workload.services = pebble.services();
  }
  if (parts.files) {
    read_files(workload, pebble);
  }
  workload.tree_is_closed = is_closed(workload, pebble);
  return workload;
}

void lose_workload(PebbleFault fault, const char* reason, Snapshot& snapshot) {
  snapshot.workload.reset();
  snapshot.pebble_fault = fault;
  snapshot.workload_error = reason;
  if (fault != PebbleFault::silent) {
    spdlog::warn("{}", reason);
  }
}

void observe_workload(const Parts& parts, Snapshot& snapshot, const Doors& doors) {
  snapshot.now = doors.clock.now();
  try {
    snapshot.workload = read_workload(snapshot.workload ? parts : Parts{}, snapshot, doors.pebble);
    if (parts.health) {
      snapshot.keyserver = snapshot.workload->services.contains(std::string(hockeypuck::service))
                               ? doors.keyserver.health()
                               : KeyserverHealth::unreachable;
    }
  } catch (const pebble::OutOfTime& error) {
    lose_workload(PebbleFault::out_of_time, error.what(), snapshot);
  } catch (const pebble::ConnectionError& error) {
    lose_workload(PebbleFault::silent, error.what(), snapshot);
  } catch (const pebble::ApiError& error) {
    lose_workload(PebbleFault::refusing, error.what(), snapshot);
  } catch (const pebble::PathError& error) {
    lose_workload(PebbleFault::unreadable_file, error.what(), snapshot);
  }
}

/// Only this charm changes the ports, and Juju reports a new address with config-changed. If no
/// change is reported, the memory of an earlier hook is valid.
Memory known_without_asking(const juju::Context& context, const Snapshot& snapshot) {
  return context.announces_no_change() ? snapshot.memory.value_or(Memory{}) : Memory{};
}

std::string read_address(const Memory& known, const juju::HookTools& juju) {
  return known.address.empty()
             ? read_unless_vanished([&] { return juju.bind_address(peers::endpoint); }).value_or("")
             : known.address;
}

std::optional<Memory> recall(const juju::Context& context, const juju::HookTools& juju,
                             std::chrono::sys_seconds now) {
  if (context.begins_anew()) {
    return std::nullopt;
  }
  const std::string text = juju.state_get(memory_key);
  if (text.empty()) {
    return std::nullopt;
  }
  auto memory = read_memory(text);
  if (!memory) {
    spdlog::warn(
        "the state that Juju keeps for this unit is not readable, so this hook replaces it");
  }
  if (!memory || !memory->is_fresh(now)) {
    return std::nullopt;
  }
  if (context.hook_name == "leader-elected") {
    memory->uploads.clear();  // Another unit may have changed the database.
  }
  return memory;
}

template <typename What>
bool is(const Step& step) {
  return std::holds_alternative<What>(step.what);
}

/// Returns the parts that the step may have changed.
std::optional<Parts> changed_parts(const Step& step) {
  if (is<step::AddLayer>(step)) {
    return Parts{.plan = true, .services = true, .files = false, .health = false};
  }
  if (is<step::PlaceFiles>(step) || is<step::RemovePaths>(step) || is<step::Install>(step)) {
    return Parts{.plan = false, .services = false, .files = true, .health = false};
  }
  if (is<step::StartService>(step) || is<step::StopServices>(step) || is<step::WaitUntil>(step) ||
      is<step::Pause>(step)) {
    return Parts{.plan = false, .services = true, .files = false, .health = true};
  }
  return std::nullopt;
}

}  // namespace

Snapshot observe(const juju::Context& context, const Doors& doors) {
  Snapshot snapshot{.goal = context.goal(), .unit = identify(context)};
  snapshot.proxies = context.proxies;
  snapshot.config = doors.juju.config_get();
  snapshot.memory = recall(context, doors.juju, doors.clock.now());
  snapshot.unit.leaving = context.leaving || (snapshot.memory && snapshot.memory->leaving);
  snapshot.unit.leader = doors.juju.is_leader() && !snapshot.unit.leaving;
  observe_workload({}, snapshot, doors);
  const bool publishes_address = read_relations(context, doors.juju, snapshot);
  snapshot.secrets = read_secrets(snapshot.relations, doors.juju);
  read_brought_secret(snapshot, doors.juju);
  const Memory known = known_without_asking(context, snapshot);
  if (publishes_address) {
    snapshot.unit.address = read_address(known, doors.juju);
  }
  snapshot.open_ports = known.open_ports ? *known.open_ports : doors.juju.opened_ports();
  return snapshot;
}

Snapshot look_again(Snapshot before, Performed done, const Doors& doors) {
  Snapshot snapshot = std::move(before);
  const std::optional<Parts> changed = changed_parts(done.step);
  if (is<step::ProbeDatabase>(done.step)) {
    snapshot.now = doors.clock.now();  // A server that does not answer takes seconds.
  }
  snapshot.history.add(std::move(done));
  if (changed && snapshot.workload) {
    observe_workload(*changed, snapshot, doors);
  }
  return snapshot;
}

}  // namespace charm
