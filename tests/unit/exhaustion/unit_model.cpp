// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/unit_model.hpp"

#include "charm/domain/promtail.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/prefix_tree/tree.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace charm::exhaustion {

namespace {

using keyserver::StoredKey;

const char* text_of(Process process) {
  static constexpr std::array texts = {"", "inactive", "active", "backoff", "error"};
  return texts[static_cast<std::size_t>(process)];
}

/// Pebble combines the layers. Each entry replaces the entry of the same name.
template <typename Entries>
void replace(Entries& entries, const Entries& changes) {
  for (const auto& [name, entry] : changes) {
    entries.insert_or_assign(name, entry);
  }
}

}  // namespace

Place::Place(const Surroundings& surroundings) : where_(surroundings) {}

std::uint8_t Place::with_layer(std::uint8_t plan, const Layer& layer) {
  auto& results = combined_[plan];
  for (const auto& [added, result] : results) {
    if (added == layer) {
      return result;
    }
  }
  Container container{.layer = plans[plan].layer, .plan = {}};
  replace(container.layer.services, layer.services);
  replace(container.layer.checks, layer.checks);
  replace(container.layer.log_targets, layer.log_targets);
  container.plan = pebble::read_plan(pebble::layer_text(container.layer));
  results.emplace_back(layer, plans.number(container));
  return results.back().second;
}

/// Ignores the time at which everything was read: no decision depends on it here.
void Place::remember(const std::string& text, State& state) {
  auto [found, is_new] = numbers_of_memories_.try_emplace(text, memories_.size());
  if (is_new) {
    std::optional<Memory> memory = read_memory(text);
    memory.value().read_at = beginning_of_hook(where_.leader);
    const auto same = std::ranges::find(memories_, memory);
    found->second = static_cast<std::size_t>(same - memories_.begin());
    if (same == memories_.end()) {
      memories_.push_back(std::move(memory));
    }
  }
  state.memory = {static_cast<std::uint8_t>(found->second / 256),
                  static_cast<std::uint8_t>(found->second % 256)};
}

KeyserverHealth Place::health(const State& state) const {
  if (state.keyserver != Process::active) {
    return KeyserverHealth::unreachable;
  }
  const bool answers = where_.server == Server::ready || where_.server == Server::failing ||
                       where_.server == Server::read_only;
  return answers ? KeyserverHealth::serving : KeyserverHealth::database_failing;
}

bool Place::lists(std::uint8_t number, Key key) const {
  const auto& all = files[number];
  const auto configuration = all.find(std::string(hockeypuck::config_path));
  return configuration != all.end() &&
         configuration->second.find('"' + material(key).fingerprint + '"') != std::string::npos;
}

void Place::read_files(Dispatch& dispatch) const {
  const State& state = dispatch.state;
  Workload& workload = *dispatch.snapshot.workload;
  workload.files = files[state.files];
  workload.promtail_files = files[state.promtail_files];
  workload.uploads = texts[state.uploads];
  workload.rebuild = state.rebuild == 0 ? std::nullopt : std::optional(rebuilds[state.rebuild]);
  if (state.record == 0) {
    workload.tree_record.reset();
  } else {
    workload.tree_record = record_of(state.record, beginning_of_hook(where_.leader));
  }
}

void Place::read_services(Dispatch& dispatch) const {
  const State& state = dispatch.state;
  Workload& workload = *dispatch.snapshot.workload;
  workload.services.clear();
  const auto show = [&](std::string_view name, Process process) {
    if (process != Process::unknown) {
      workload.services[std::string(name)] = text_of(process);
    }
  };
  show(hockeypuck::service, state.keyserver);
  show(prefix_tree::service, state.build);
  show(promtail::service, state.promtail);
}

std::shared_ptr<const Plan> Place::plan_of(const Dispatch& dispatch) {
  auto& plan = plans_[dispatch.plan_key];
  if (plan == nullptr) {
    plan = std::make_shared<const Plan>(reconcile(dispatch.snapshot));
  }
  return plan;
}

Dispatch Place::begin(const State& state) {
  const auto key = static_cast<std::uint32_t>(state.current) |
                   static_cast<std::uint32_t>(state.retired) << 4U |
                   static_cast<std::uint32_t>(state.settled) << 8U;
  auto found = templates_.find(key);
  if (found == templates_.end()) {
    found = templates_.emplace(key, juju_of(state, where_)).first;
  }
  Dispatch dispatch{.state = state, .snapshot = found->second};
  Snapshot& snapshot = dispatch.snapshot;
  snapshot.memory = memories_[state.memory[0] * 256U + state.memory[1]];
  dispatch.ports = snapshot.open_ports;
  dispatch.peers = snapshot.relations.front().local_app_data.value_or(Databag{});
  if (where_.pebble) {
    snapshot.workload = Workload{.version = "v1.26.0", .plan = plans[state.plan].plan};
    read_files(dispatch);
    read_services(dispatch);
    snapshot.workload->tree_is_closed =
        state.rebuild != 0 && state.build == Process::inactive && state.closed;
    snapshot.keyserver = health(state);
  }
  dispatch.plan_key = {static_cast<char>(state.current), static_cast<char>(state.retired),
                       static_cast<char>(state.settled)};
  dispatch.plan = plan_of(dispatch);
  return dispatch;
}

State Place::killed(const Dispatch& dispatch) {
  State state = dispatch.state;
  state.store(Key::next, StoredKey::absent);
  return state;
}

State Place::ended(const Dispatch& dispatch) {
  State state = dispatch.state;
  const AdminKeys keys = peers::admin_keys(dispatch.peers);
  const auto stored = [&](Key key) { return dispatch.state.found(key); };
  state.current = Current::none;
  if (keys.current) {
    const Key key = key_of(keys.current->fingerprint, &Material::fingerprint).value();
    state.current = key == Key::operators ? Current::operators : Current::charms;
    state.store(Key::charms, key == Key::operators ? StoredKey::absent : stored(key));
  }
  state.store(Key::next, StoredKey::absent);
  state.retired = Retired::none;
  state.store(Key::retired, StoredKey::absent);
  if (keys.retired.size() > 1) {
    throw std::logic_error("the model knows one retired key only");
  }
  for (const RetiredAdminKey& retired : keys.retired) {
    const Key key = key_of(retired.fingerprint, &Material::fingerprint).value();
    state.retired = retired.revocation.empty() ? Retired::dropped : Retired::revocable;
    state.store(Key::retired, retired.revocation.empty() ? StoredKey::absent : stored(key));
  }
  if (state.build == Process::active) {
    state.build = where_.programs_work ? Process::inactive : Process::error;
    state.closed = where_.programs_work;
    state.tree = where_.programs_work ? Tree::whole : Tree::partial;
  }
  // Pebble restarts a program that can run again.
  if (state.keyserver == Process::backoff && where_.programs_work && state.tree != Tree::damaged &&
      state.rebuild == 0 && state.files != 0) {
    state.keyserver = Process::active;
    state.runs_with = state.files;
  }
  if (where_.goal == Goal::run) {
    state.settled = state.settled || dispatch.ports == hockeypuck::ports();
  }
  if (dispatch.memory) {
    remember(*dispatch.memory, state);
  }
  return state;
}

}  // namespace charm::exhaustion
