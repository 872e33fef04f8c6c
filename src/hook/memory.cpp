// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include "charm/domain/publication.hpp"
#include "charm/handlers/handler.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/keyserver_service/keyserver_service.hpp"
#include "charm/keyserver_service/uploads.hpp"

#include <algorithm>
#include <utility>

namespace charm {

namespace {

/// The limit for one value of the state. A longer value would make the hook fail.
constexpr std::size_t longest_state_value = 65536;

Databag in_short(const Databag& bag) {
  Databag result;
  for (const auto& [key, value] : bag) {
    result[key] = short_form(value);
  }
  return result;
}

template <typename Remembered>
auto& bag_of(Remembered& relation, Scope scope) {
  return scope == Scope::unit ? relation.local_unit_data : relation.local_app_data;
}

/// A databag from the memory already has its short form.
Databag to_remember(const Publication& settled, const Snapshot& snapshot) {
  const auto* known = snapshot.memory ? snapshot.memory->find(settled.relation) : nullptr;
  if (known != nullptr) {
    const auto& bag = bag_of(*known, settled.scope);
    if (bag == current_bag(settled, snapshot)) {
      return *bag;
    }
  }
  return in_short(settled.data);
}

void add(const Publication& settled, const Snapshot& snapshot, Memory& memory) {
  const auto relation =
      std::find_if(memory.relations.begin(), memory.relations.end(),
                   [&](const RememberedRelation& one) { return one.id == settled.relation; });
  if (relation != memory.relations.end()) {
    bag_of(*relation, settled.scope) = to_remember(settled, snapshot);
  }
}

/// The peer relation shows whether the other databags of the application can be remembered, so it
/// must be read each time.
bool can_remember(const Publication& publication, const Snapshot& snapshot) {
  const auto peers = snapshot.on(peers::endpoint);
  const bool is_of_peers = std::any_of(peers.begin(), peers.end(), [&](const Relation* relation) {
    return relation->id == publication.relation;
  });
  return !is_of_peers &&
         (publication.scope == Scope::unit || peers::publisher(snapshot) == snapshot.unit.name);
}

}  // namespace

std::optional<Step> remember(const Plan& plan, const Snapshot& snapshot) {
  Memory memory{.address = snapshot.unit.address,
                .read_at = snapshot.memory ? snapshot.memory->read_at : snapshot.now};
  for (const auto& relation : snapshot.relations) {
    memory.relations.push_back(
        {.id = relation.id, .endpoint = relation.endpoint, .remote_app = relation.remote_app});
  }
  for (const auto& publication : plan.publications) {
    if (!is_written(publication, snapshot.history) && can_remember(publication, snapshot)) {
      add(publication, snapshot, memory);
    }
  }
  if (snapshot.open_ports == plan.ports) {
    memory.open_ports = snapshot.open_ports;
  }
  if (snapshot.workload) {
    const PebblePlan& read = snapshot.workload->plan;
    memory.plan = {.text_digest = read.digest, .entries = read.entries};
  }
  memory.has_version = has_version(snapshot);
  memory.uploads = known_uploads(plan, snapshot);
  memory.leaving = snapshot.unit.leaving;
  if (memory == snapshot.memory) {
    return std::nullopt;
  }
  std::string text = memory_text(memory);
  if (text.size() > longest_state_value) {
    text.clear();
  }
  return Step{Concern::juju, step::Remember{std::move(text)}, {}};
}

}  // namespace charm
