// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "relations.hpp"

#include "charm/domain/text.hpp"
#include "charm/handlers/handler.hpp"
#include "charm/handlers/peer_relation.hpp"

#include <spdlog/spdlog.h>

#include <iterator>
#include <optional>

namespace charm {

namespace {

/// No interface of this charm has longer values. A certificate chain has a few kilobytes.
constexpr std::size_t longest_value = 1UL << 20U;

class Reader {
 public:
  Reader(const juju::Context& context, const juju::HookTools& juju, Snapshot& snapshot)
      : context_(&context), juju_(&juju), snapshot_(&snapshot) {
    std::vector<Status> judged_later;
    settings_ = read_settings(snapshot.config, judged_later);
  }

  void read(const RelationHandler& handler) {
    if (const auto known = remembered(handler.endpoint)) {
      vanished_ = false;
      auto relations = read_all(*known, handler);
      if (!vanished_) {
        keep(std::move(relations));
        return;
      }
    }
    keep(read_all(listed(handler.endpoint), handler));
  }

  [[nodiscard]] bool has_unit_bag() const { return has_unit_bag_; }

 private:
  /// Returns nothing if a relation may be new or gone: the current hook of the endpoint may be the
  /// one that reports it.
  [[nodiscard]] std::optional<std::vector<RememberedRelation>> remembered(
      std::string_view endpoint) const {
    if (!snapshot_->memory || context_->relation_endpoint == endpoint) {
      return std::nullopt;
    }
    std::vector<RememberedRelation> relations;
    for (const auto& relation : snapshot_->memory->relations) {
      if (relation.endpoint == endpoint && relation.id != context_->broken_relation) {
        relations.push_back(relation);
      }
    }
    return relations;
  }

  [[nodiscard]] std::vector<RememberedRelation> listed(std::string_view endpoint) const {
    std::vector<RememberedRelation> relations;
    for (const int id : juju_->relation_ids(endpoint)) {
      // Juju before 3.4.4 still lists the relation that is being removed.
      if (id == context_->broken_relation) {
        continue;
      }
      const auto* known = snapshot_->memory ? snapshot_->memory->find(id) : nullptr;
      relations.push_back(
          known != nullptr
              ? *known
              : RememberedRelation{.id = id, .endpoint = std::string(endpoint), .remote_app = {}});
    }
    return relations;
  }

  /// Returns an empty value for a relation or secret that is gone, and remembers that it is gone.
  template <typename Get>
  auto get(const Get& get) -> decltype(get()) {
    auto found = read_unless_vanished(get);
    vanished_ = vanished_ || !found;
    return std::move(found).value_or(decltype(get()){});
  }

  Databag bag(int id, const std::string& member, Scope scope) {
    Databag bag = get([&] { return juju_->relation_get(id, member, scope); });
    std::erase_if(bag, [&](const auto& entry) {
      const bool too_long = entry.second.size() > longest_value;
      if (too_long) {
        spdlog::warn("relation {}: {} of {} has {} bytes and is left out", id, excerpt(entry.first),
                     member, entry.second.size());
      }
      return too_long;
    });
    return bag;
  }

  std::vector<Relation> read_all(const std::vector<RememberedRelation>& known,
                                 const RelationHandler& handler) {
    std::vector<Relation> relations;
    relations.reserve(known.size());
    for (const auto& one : known) {
      relations.push_back(read_one(one, handler));
    }
    return relations;
  }

  Relation read_one(const RememberedRelation& known, const RelationHandler& handler) {
    const bool own_event = context_->relation_id == known.id;
    const WantedBags wants = handler.wants({*snapshot_, settings_, own_event});
    Relation relation{.id = known.id, .endpoint = known.endpoint, .remote_app = known.remote_app};
    if (wants.remote_app) {
      read_remote_app(relation);
    }
    if (wants.remote_units &&
        (handler.needs_remote_units == nullptr || handler.needs_remote_units(relation))) {
      read_remote_units(relation, wants.remote_unit_bags);
    }
    // A hook of the relation reads again values that an operator may have changed by hand.
    read_own_bags(relation, wants, own_event ? RememberedRelation{} : known);
    return relation;
  }

  void read_remote_app(Relation& relation) {
    if (relation.remote_app.empty()) {
      relation.remote_app = get([&] { return juju_->relation_app(relation.id); });
    }
    if (!relation.remote_app.empty()) {
      relation.remote_app_data = bag(relation.id, relation.remote_app, Scope::app);
    }
  }

  void read_remote_units(Relation& relation, bool with_bags) {
    for (const auto& name : get([&] { return juju_->relation_list(relation.id); })) {
      relation.remote_units[name] = with_bags ? bag(relation.id, name, Scope::unit) : Databag{};
    }
  }

  void read_own_bags(Relation& relation, const WantedBags& wants, const RememberedRelation& known) {
    const Unit& unit = snapshot_->unit;
    if (wants.local_unit) {
      has_unit_bag_ = true;
      relation.local_unit_data =
          known.local_unit_data ? *known.local_unit_data : bag(relation.id, unit.name, Scope::unit);
    }
    if (!wants.local_app || !(unit.leader || wants.shared_app)) {
      return;
    }
    if (!wants.shared_app && known.local_app_data && publishes_alone()) {
      relation.local_app_data = known.local_app_data;
      return;
    }
    relation.local_app_data =
        get([&] { return std::optional(juju_->relation_get(relation.id, unit.app, Scope::app)); });
  }

  [[nodiscard]] bool publishes_alone() const {
    return peers::publisher(*snapshot_) == snapshot_->unit.name;
  }

  void keep(std::vector<Relation> relations) {
    snapshot_->relations.insert(snapshot_->relations.end(),
                                std::make_move_iterator(relations.begin()),
                                std::make_move_iterator(relations.end()));
  }

  const juju::Context* context_;
  const juju::HookTools* juju_;
  Snapshot* snapshot_;
  Settings settings_;
  bool vanished_ = false;
  bool has_unit_bag_ = false;
};

}  // namespace

bool read_relations(const juju::Context& context, const juju::HookTools& juju, Snapshot& snapshot) {
  Reader reader(context, juju, snapshot);
  for (const RelationHandler* handler : handlers()) {
    reader.read(*handler);
  }
  return reader.has_unit_bag();
}

}  // namespace charm
