// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/observe.hpp"

#include "charm/app/memory.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/domain/secret_uri.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/json/prefix_tree_files.hpp"
#include "charm/options/settings.hpp"
#include "charm/pebble/plan_difference.hpp"
#include "relations.hpp"

#include <spdlog/spdlog.h>

#include <charconv>

namespace charm {

namespace {

/// A remote application may name as many secrets as it likes; no interface of ours needs more.
constexpr std::size_t max_secrets_per_relation = 8;

Unit identify(const juju::Context& context) {
  Unit unit{
      .name = context.unit_name, .model = context.model_name, .model_uuid = context.model_uuid};
  const auto slash = unit.name.find('/');
  unit.app = unit.name.substr(0, slash);
  if (slash != std::string::npos) {
    std::from_chars(unit.name.data() + slash + 1, unit.name.data() + unit.name.size(), unit.number);
  }
  unit.fqdn = unit.app + "-" + std::to_string(unit.number) + "." + unit.app + "-endpoints." +
              unit.model + ".svc.cluster.local";
  return unit;
}

/// A relation or secret can vanish between two calls; what is gone reads as empty.
template <typename Read>
auto read_unless_vanished(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const juju::HookToolError& error) {
    if (!error.vanished()) {
      throw;
    }
    spdlog::debug("{}", error.what());
    return {};
  }
}

/// Resolves whatever the remote applications point to, knowing nothing of the interfaces. Reading
/// also makes Juju tell this unit of the secret's next revision.
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
      auto content = read_unless_vanished([&] { return juju.secret_get(value); });
      if (!content.empty()) {
        secrets[value] = std::move(content);
      }
    }
  }
  return secrets;
}

/// What an operator brings is for the leader to judge; the other units read what it makes of it.
void read_brought_secret(Snapshot& snapshot, const juju::HookTools& juju) {
  const std::string uri = admin_key_secret(snapshot.config);
  if (!snapshot.unit.leader || secret_id(uri).empty()) {
    return;
  }
  auto content = read_unless_vanished([&] { return juju.secret_get(uri); });
  if (!content.empty()) {
    snapshot.secrets[uri] = std::move(content);
  }
}

bool logs_to_a_file(const Workload& workload) {
  const auto configuration = workload.files.find(std::string(hockeypuck::config_path));
  return configuration != workload.files.end() &&
         configuration->second.find(hockeypuck::log_path) != std::string::npos;
}

/// One request for all: it is the dearest that a hook without news makes.
std::vector<std::string> known_files() {
  std::vector<std::string> paths = hockeypuck::managed_files();
  const std::vector<std::string> of_promtail = promtail::managed_files();
  paths.insert(paths.end(), of_promtail.begin(), of_promtail.end());
  paths.emplace_back(prefix_tree::rebuild_path);
  paths.emplace_back(prefix_tree::record_path);
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
  workload.files = pebble.read(known_files());
  take_tree_files(workload);
  for (const std::string& path : promtail::managed_files()) {
    if (auto file = workload.files.extract(path)) {
      workload.promtail_files.insert(std::move(file));
    }
  }
  if (logs_to_a_file(workload)) {
    workload.log_size = pebble.file_size(hockeypuck::log_path);
  }
}

/// Reading YAML is dear, and most hooks find the plan as it was.
PebblePlan read_plan(const std::string& text, const std::optional<Memory>& memory) {
  if (memory && memory->plan && memory->plan->text_digest == sha256(text)) {
    return {.text = text, .entries = memory->plan->entries};
  }
  return pebble::read_plan(text);
}

Workload read_workload(const std::optional<Memory>& memory, const pebble::Client& pebble) {
  Workload workload;
  workload.version = pebble.version();
  workload.plan = read_plan(pebble.plan(), memory);
  for (auto& service : pebble.services()) {
    workload.services[service.name] = std::move(service.current);
  }
  read_files(workload, pebble);
  return workload;
}

void observe_workload(Snapshot& snapshot, const World& world) {
  try {
    look_again(snapshot, world);
  } catch (const pebble::ConnectionError& error) {
    snapshot.workload_error = error.what();
  } catch (const pebble::ApiError& error) {
    snapshot.workload_error = error.what();
  }
}

/// Of the ports only this charm decides, and of a new address Juju tells by config-changed: where
/// nothing is known to have changed, what an earlier hook read will do.
Memory known_without_asking(const juju::Context& context, const Snapshot& snapshot) {
  return context.tells_no_change() ? snapshot.memory.value_or(Memory{}) : Memory{};
}

std::string read_address(const Memory& known, const juju::HookTools& juju) {
  return known.address.empty()
             ? read_unless_vanished([&] { return juju.bind_address("hockeypuck-peers"); })
             : known.address;
}

}  // namespace

void look_again(Snapshot& snapshot, const World& world) {
  snapshot.now = world.now();
  snapshot.workload = read_workload(snapshot.memory, world.pebble);
  snapshot.keyserver = snapshot.workload->services.contains(std::string(hockeypuck::service))
                           ? world.keyserver()
                           : KeyserverHealth::unreachable;
}

Snapshot observe(const juju::Context& context, const World& world) {
  Snapshot snapshot{.goal = context.goal(), .unit = identify(context)};
  snapshot.proxies = context.proxies;
  snapshot.config = world.juju.config_get();
  snapshot.unit.leader = world.juju.is_leader();
  snapshot.memory = recall(context, world.juju, world.now());
  observe_workload(snapshot, world);
  const bool publishes_address = read_relations(context, world.juju, snapshot);
  snapshot.secrets = read_secrets(snapshot.relations, world.juju);
  read_brought_secret(snapshot, world.juju);
  const Memory known = known_without_asking(context, snapshot);
  if (publishes_address) {
    snapshot.unit.address = read_address(known, world.juju);
  }
  snapshot.open_ports = known.open_ports ? *known.open_ports : world.juju.opened_ports();
  return snapshot;
}

}  // namespace charm
