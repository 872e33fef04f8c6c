// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// What Juju shows of a unit, and the states from which its hooks begin.

#include "charm/admin_key/admin_key.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/keyserver_service/uploads.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "tests/unit/exhaustion/unit_model.hpp"

#include <utility>

namespace charm::exhaustion {

namespace {

using keyserver::StoredKey;

constexpr const char* option_uri = "secret:9m4e2mr0ui3e8a215n4g";
constexpr const char* promtail_digest =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

Relation related_database() {
  return {.id = database_relation,
          .endpoint = "database",
          .remote_app = "postgresql-k8s",
          .remote_app_data = {{"endpoints", "pg-0:5432"},
                              {"database", "hockeypuck-k8s"},
                              {"username", "relation_id_3"},
                              {"password", "first-password"},
                              {"tls", "False"}},
          .remote_units = {{"postgresql-k8s/0", {}}}};
}

Relation related_loki() {
  const std::string offer = std::string(R"({"url":"http://loki/promtail.gz","zipsha":")") +
                            promtail_digest + R"(","binsha":")" + promtail_digest + R"("})";
  return {.id = logging_relation,
          .endpoint = "logging",
          .remote_app = "loki",
          .remote_app_data = {{"promtail_binary_zip_url",
                               R"({"amd64":)" + offer + R"(,"arm64":)" + offer + "}"}},
          .remote_units = {{"loki/0", {{"endpoint", R"({"url":"http://loki-0:3100/push"})"}}}}};
}

Unit unit_of(const Surroundings& where) {
  const std::string number = where.leader ? "0" : "1";
  return {.name = "hockeypuck-k8s/" + number,
          .app = "hockeypuck-k8s",
          .number = where.leader ? 0 : 1,
          .model = "keys",
          .model_uuid = "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d",
          .fqdn = "hockeypuck-k8s-" + number + ".hockeypuck-k8s-endpoints.keys.svc.cluster.local",
          .leader = where.leader};
}

std::map<std::string, ConfigValue> options_of(const Surroundings& where) {
  std::map<std::string, ConfigValue> options = {{"uploads", "updates"}};
  if (!where.right_settings) {
    options["query-limit"] = 0;
  }
  if (where.brought != Option::unset) {
    options["admin-key-secret"] = option_uri;
  }
  if (where.logs == Logs::promtail) {
    options["log-forwarder"] = "promtail";
  }
  return options;
}

}  // namespace

Snapshot Place::juju_of(const State& state, const Surroundings& where) const {
  Snapshot snapshot{.goal = where.goal,
                    .now = beginning_of_hook(where.leader),
                    .unit = unit_of(where),
                    .config = options_of(where)};
  Relation peers{.id = peers_relation,
                 .endpoint = std::string(peers::endpoint),
                 .remote_app = "hockeypuck-k8s",
                 .remote_units = {{where.leader ? "hockeypuck-k8s/1" : "hockeypuck-k8s/0", {}}},
                 .local_app_data = Databag{}};
  if (state.current != Current::none) {
    peers.local_app_data = peers::bag_of(keys_of(state), {.name = "hockeypuck-k8s/0"});
  }
  snapshot.relations.push_back(std::move(peers));
  if (where.server != Server::absent) {
    snapshot.relations.push_back(related_database());
  }
  if (where.logs != Logs::none) {
    snapshot.relations.push_back(related_loki());
  }
  if (where.brought == Option::readable && where.leader) {
    snapshot.secrets[option_uri] = {{admin_key::content_key, material(Key::operators).secret}};
  }
  if (where.leader) {
    for (Relation& relation : snapshot.relations) {
      relation.local_app_data = relation.local_app_data.value_or(Databag{});
    }
  }
  if (state.settled) {
    snapshot.open_ports = hockeypuck::ports();
    for (const Publication& publication : reconcile(snapshot).publications) {
      for (Relation& relation : snapshot.relations) {
        if (relation.id == publication.relation && relation.id != peers_relation) {
          relation.local_app_data = publication.data;
        }
      }
    }
  }
  return snapshot;
}

const Place::Wanted& Place::wanted(Current current, Retired retired) {
  const auto key = static_cast<std::uint32_t>(current) | static_cast<std::uint32_t>(retired) << 4U;
  if (const auto found = wanted_.find(key); found != wanted_.end()) {
    return found->second;
  }
  Surroundings good = where_;
  good.goal = Goal::run;
  good.right_settings = true;
  good.server = Server::ready;
  Snapshot snapshot = juju_of({.current = current, .retired = retired, .settled = true}, good);
  snapshot.workload = Workload{};
  const auto files_of = [&](const WorkloadPlan& plan) {
    Files all;
    for (const File& file : plan.files) {
      all[file.path] = file.content;
    }
    return files.number(all);
  };
  const Plan plan = reconcile(snapshot);
  Wanted wanted{.files = files_of(plan.workloads.front()), .layer = plan.workloads.front().layer};
  Snapshot after = snapshot;
  after.history.add({{Concern::uploads, step::KeepUploads{}, {}}, postgres::KeptUploads{true}});
  wanted.uploads = where_.leader ? known_uploads(plan, after) : std::string(promtail_digest);
  Memory memory{.uploads = wanted.uploads, .read_at = snapshot.now};
  for (const Relation& relation : juju_of({}, where_).relations) {
    memory.relations.push_back(
        {.id = relation.id, .endpoint = relation.endpoint, .remote_app = relation.remote_app});
  }
  wanted.memory = memory_text(memory);
  snapshot.relations[1].remote_app_data["password"] = "old-password";
  const Plan old = reconcile(snapshot);
  wanted.old_files = files_of(old.workloads.front());
  wanted.old_layer = old.workloads.front().layer;
  return wanted_.emplace(key, std::move(wanted)).first->second;
}

State Place::state_of(const Beginning& beginning) {
  State state;
  state.stored.fill(static_cast<std::uint8_t>(StoredKey::absent));
  switch (beginning.admin) {
    case Admin::none:
    case Admin::lost:
      break;
    case Admin::retired:
      state.retired = Retired::revocable;
      state.store(Key::retired, StoredKey::present);
      [[fallthrough]];
    case Admin::stored:
    case Admin::next:
    case Admin::wrong:
      state.store(Key::charms, StoredKey::present);
      break;
    case Admin::revoked:
      state.store(Key::charms, StoredKey::revoked);
      break;
  }
  state.current = beginning.admin == Admin::none ? Current::none : Current::charms;
  state.settled = beginning.admin != Admin::none;
  const Wanted& of_charm = wanted(state.current, state.retired);
  const auto files_of = [&](Age age) {
    return age == Age::absent ? std::uint8_t{0}
           : age == Age::old  ? of_charm.old_files
                              : of_charm.files;
  };
  state.files = files_of(beginning.files);
  if (beginning.definition != Age::absent) {
    state.plan =
        with_layer(0, beginning.definition == Age::old ? of_charm.old_layer : of_charm.layer);
    state.keyserver = beginning.keyserver;
    state.runs_with =
        beginning.keyserver == Process::active ? files_of(beginning.definition) : std::uint8_t{0};
  }
  state.tree = beginning.tree;
  state.record = bits_of(beginning.record);
  if (beginning.rebuild == Rebuilding::requested) {
    state.rebuild = rebuilds.number({.reason = "an action asked for it"});
  } else if (beginning.rebuild != Rebuilding::no) {
    const auto now = beginning_of_hook(where_.leader).time_since_epoch().count();
    state.rebuild = rebuilds.number({.state = prefix_tree::RebuildState::building,
                                     .reason = "an action asked for it",
                                     .database = identity_of_database,
                                     .keys = keys_in_database,
                                     .since = now - 600});
    state.plan = with_layer(state.plan, prefix_tree::build_layer());
    state.closed = beginning.rebuild == Rebuilding::complete;
    state.tree = state.closed ? Tree::whole : Tree::partial;
    state.build = beginning.rebuild == Rebuilding::running  ? Process::active
                  : beginning.rebuild == Rebuilding::failed ? Process::error
                                                            : Process::inactive;
  }
  if (beginning.uploads_known) {
    state.policy = true;
    state.uploads = texts.number(of_charm.uploads);
    remember(of_charm.memory, state);
  }
  return state;
}

}  // namespace charm::exhaustion
