// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/unit_model.hpp"

#include "charm/admin_key/admin_key.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/keyserver_service/uploads.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/plan.hpp"
#include "charm/prefix_tree/tree.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace charm::exhaustion {

namespace {

using keyserver::StoredKey;

// The bits of State::record.
constexpr std::uint8_t exists = 1;
constexpr std::uint8_t ours = 2;
constexpr std::uint8_t compared = 4;
constexpr std::uint8_t suspected = 8;
constexpr std::uint8_t far = 16;
constexpr std::uint8_t drifting = 32;
constexpr std::uint8_t drifted = 64;
constexpr std::uint8_t rebuilt = 128;

constexpr const char* option_uri = "secret:9m4e2mr0ui3e8a215n4g";
constexpr std::array secrets = {"secret:aaaaaaaaaaaaaaaaaaaa", "secret:bbbbbbbbbbbbbbbbbbbb",
                                "secret:cccccccccccccccccccc", "secret:dddddddddddddddddddd"};
constexpr const char* promtail_digest =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

struct Material {
  openpgp::AdminKey key;
  std::string fingerprint;
  std::string secret;
  std::string certificate;
};

const Material& known(Key key) {
  static const auto all = [] {
    std::vector<Material> made;
    for (std::size_t i = 0; i < number_of_keys; ++i) {
      auto one = openpgp::AdminKey::generate("Administrator",
                                             std::chrono::sys_seconds(std::chrono::days(20'000)));
      made.push_back({.key = one,
                      .fingerprint = one.fingerprint(),
                      .secret = std::string(one.secret_armor().reveal()),
                      .certificate = one.public_armor()});
    }
    return made;
  }();
  return all[static_cast<std::size_t>(key)];
}

std::optional<Key> key_of(const std::string& text, std::string Material::*part) {
  for (std::size_t i = 0; i < number_of_keys; ++i) {
    if (known(static_cast<Key>(i)).*part == text) {
      return static_cast<Key>(i);
    }
  }
  return std::nullopt;
}

const std::string& revocation_of_retired() {
  static const std::string text = known(Key::retired).key.revocation(beginning_of_hook(true));
  return text;
}

std::string brought_certificate(Key key) {
  return key == Key::operators ? sha256(known(key).certificate) : std::string();
}

AdminKeyReference reference_to(Key key) {
  return {.secret = secrets[static_cast<std::size_t>(key)],
          .fingerprint = known(key).fingerprint,
          .brought_certificate = brought_certificate(key)};
}

AdminKeys keys_of(const State& state) {
  AdminKeys keys;
  if (state.current != Current::none) {
    keys.current = reference_to(state.current == Current::charms ? Key::charms : Key::operators);
  }
  if (state.retired == Retired::revocable) {
    keys.retired = {{known(Key::retired).fingerprint, revocation_of_retired()}};
  } else if (state.retired == Retired::dropped) {
    keys.retired = {{known(Key::retired).fingerprint, {}}};
  }
  return keys;
}

std::uint8_t bits_of(const prefix_tree::Record& record, std::chrono::sys_seconds now) {
  unsigned bits = exists;
  bits |= record.database == identity_of_database ? ours : 0U;
  bits |= now.time_since_epoch().count() - record.compared < 3000 ? compared : 0U;
  bits |= record.differs_since != 0 ? suspected : 0U;
  bits |= record.is_far ? far : 0U;
  bits |= record.drifts_since != 0 ? drifting : 0U;
  bits |= record.drifts ? drifted : 0U;
  bits |= record.rebuilt != 0 ? rebuilt : 0U;
  return static_cast<std::uint8_t>(bits);
}

const char* text_of(Process process) {
  static constexpr std::array texts = {"", "inactive", "active", "backoff", "error"};
  return texts[static_cast<std::size_t>(process)];
}

void stop(Process& process) {
  if (process == Process::active || process == Process::backoff) {
    process = Process::inactive;
  }
}

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

/// Pebble combines the layers. Each entry replaces the entry of the same name.
template <typename Entries>
void replace(Entries& entries, const Entries& changes) {
  for (const auto& [name, entry] : changes) {
    entries.insert_or_assign(name, entry);
  }
}

template <typename Kind>
bool is(const Step& step) {
  return std::holds_alternative<Kind>(step.what);
}

/// Whether the plan depends on the step: as run_hook() has it, but only for steps that change the
/// admin keys.
bool changes_plan(const Step& step) {
  return step.concern == Concern::admin_key &&
         (is<step::MakeAdminKey>(step) || is<step::KeepAdminKey>(step) ||
          is<step::SetDatabags>(step) || is<step::ReadAdminKey>(step));
}

}  // namespace

std::size_t HashOfState::operator()(const State& state) const {
  static_assert(std::has_unique_object_representations_v<State>);
  const auto octets = std::bit_cast<std::array<std::uint8_t, sizeof(State)>>(state);
  std::size_t hash = 1469598103934665603U;
  for (const std::uint8_t octet : octets) {
    hash = (hash ^ octet) * 1099511628211U;
  }
  return hash;
}

std::chrono::sys_seconds beginning_of_hook(bool leader) {
  // The turn of the leader to rebuild its tree begins, or that of the other unit.
  constexpr std::int64_t cycle = 43'200;
  return std::chrono::sys_seconds(std::chrono::seconds(41'667 * cycle + (leader ? 0 : cycle / 2)));
}

postgres::ProbeResult probe_of(Server server) {
  using postgres::Outcome;
  switch (server) {
    case Server::refusing:
      return {.outcome = Outcome::refused, .cause = "no entry in pg_hba.conf"};
    case Server::read_only:
      return {.outcome = Outcome::read_only, .cause = "a standby"};
    case Server::not_ours:
      return {.outcome = Outcome::not_ours, .cause = "the table keys belongs to another role"};
    case Server::untrusted:
      return {.outcome = Outcome::untrusted, .cause = "certificate verify failed"};
    case Server::failing:
    case Server::ready:
      return {.outcome = Outcome::ready};
    case Server::absent:
    case Server::asleep:
      break;
  }
  return {.outcome = Outcome::unreachable, .cause = "connection refused"};
}

const openpgp::AdminKey& material(Key key) {
  return known(key).key;
}

const std::string& fingerprint(Key key) {
  return known(key).fingerprint;
}

prefix_tree::Record record_of(std::uint8_t bits, std::chrono::sys_seconds now) {
  const std::int64_t at = now.time_since_epoch().count();
  const auto since = [&](unsigned begun, unsigned confirmed) {
    return (bits & confirmed) != 0 ? at - 7200 : (bits & begun) != 0 ? at : 0;
  };
  return {
      .database = (bits & ours) != 0 ? identity_of_database : "9/99",
      .trusted_since = at - 86'400,
      .compared = (bits & compared) != 0 ? at : at - 3600,
      .comparison = {(bits & far) != 0 ? 10 : keys_in_database, keys_in_database, keys_in_database},
      .differs_since = since(suspected, far),
      .is_far = (bits & far) != 0,
      .drifts_since = since(drifting, drifted),
      .drifts = (bits & drifted) != 0,
      .rebuilt = (bits & rebuilt) != 0 ? at : 0};
}

Place::Place(const Surroundings& surroundings) : where_(surroundings) {}

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
    snapshot.secrets[option_uri] = {{admin_key::content_key, known(Key::operators).secret}};
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
  switch (beginning.record) {
    case Recorded::none:
      break;
    case Recorded::ours:
      state.record = exists | ours | compared;
      break;
    case Recorded::other:
      state.record = exists | compared;
      break;
    case Recorded::far:
      state.record = exists | ours | suspected | far | drifting | drifted;
      break;
  }
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
         configuration->second.find('"' + known(key).fingerprint + '"') != std::string::npos;
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

/// One function for each kind of step, as perform() has it. An effect that succeeds has no answer.
struct Place::Interpreter {
  Place& place;
  Dispatch& dispatch;
  State& state;

  [[nodiscard]] bool serves() const { return place.health(state) == KeyserverHealth::serving; }

  [[nodiscard]] bool queries_fail() const { return place.where_.server == Server::failing; }

  static Refusal failed_query() { return {Refusal::By::database, "the database does not answer"}; }

  Answer operator()(const step::SetPort& set) const {
    if (set.open) {
      dispatch.ports.insert(set.port);
    } else {
      dispatch.ports.erase(set.port);
    }
    return {};
  }

  Answer operator()(const step::SetDatabags& set) const {
    for (const Publication& change : set.changes) {
      if (change.relation != peers_relation) {
        continue;
      }
      for (const auto& [key, value] : change.data) {
        if (value.empty()) {
          dispatch.peers.erase(key);
        } else {
          dispatch.peers[key] = value;
        }
      }
    }
    return {};
  }

  Answer operator()(const step::SetVersion& /*set*/) const { return {}; }

  Answer operator()(const step::Remember& keep) const {
    dispatch.memory = keep.memory;
    return {};
  }

  Answer operator()(const step::SetStatus& /*set*/) const { return {}; }

  Answer operator()(const step::KeepAdminKey& keep) const {
    const auto key = key_of(keep.key.private_key, &Material::secret);
    return reference_to(key.value());
  }

  Answer operator()(const step::ForgetAdminKey& /*forget*/) const { return {}; }

  Answer operator()(const step::ReadAdminKey& read) const {
    const auto key = key_of(read.key.fingerprint, &Material::fingerprint);
    return PrivateKey{known(key.value()).secret};
  }

  Answer operator()(const step::MakeAdminKey& /*make*/) const {
    const Material& made = known(Key::next);
    return NextAdminKey{.private_key = made.secret, .fingerprint = made.fingerprint};
  }

  Answer operator()(const step::PlaceFiles& placing) const {
    for (const File& file : placing.files) {
      if (file.path == prefix_tree::record_path) {
        const auto record = prefix_tree::read_record(file.content);
        state.record = bits_of(record.value(), beginning_of_hook(place.where_.leader));
      } else if (file.path == prefix_tree::rebuild_path) {
        state.rebuild = place.rebuilds.number(prefix_tree::read_rebuild(file.content));
      } else if (file.path == uploads_path) {
        state.uploads = place.texts.number(file.content);
      } else {
        std::uint8_t& number =
            file.path.starts_with(promtail::directory) ? state.promtail_files : state.files;
        Files all = place.files[number];
        all[file.path] = file.content;
        number = place.files.number(all);
      }
    }
    return {};
  }

  Answer operator()(const step::RemovePaths& remove) const {
    for (const std::string& path : remove.paths) {
      if (path == prefix_tree::path) {
        state.tree = Tree::missing;
      } else if (path == prefix_tree::statistics_path) {
        state.closed = false;
      } else if (path == prefix_tree::rebuild_path) {
        state.rebuild = 0;
      } else if (path == uploads_path) {
        state.uploads = 0;
      } else if (path == promtail::directory) {
        state.promtail_files = 0;
      } else if (Files all = place.files[state.files]; all.erase(path) > 0) {
        state.files = all.empty() ? std::uint8_t{0} : place.files.number(all);
      }
    }
    return {};
  }

  Answer operator()(const step::Install& install) const {
    if (!place.where_.programs_work) {
      return Refusal{Refusal::By::download_source, "from loki: HTTP 404"};
    }
    Files all = place.files[state.promtail_files];
    all[install.program.receipt] = install.program.content_sha256;
    state.promtail_files = place.files.number(all);
    return {};
  }

  Answer operator()(const step::AddLayer& add) const {
    state.plan = place.with_layer(state.plan, add.layer);
    const auto define = [&](std::string_view name, Process& process) {
      if (process == Process::unknown && add.layer.services.contains(std::string(name))) {
        process = Process::inactive;
      }
    };
    define(hockeypuck::service, state.keyserver);
    define(prefix_tree::service, state.build);
    define(promtail::service, state.promtail);
    return {};
  }

  Answer operator()(const step::StartService& start) const {
    if (start.service == hockeypuck::service) {
      return start_keyserver();
    }
    if (start.service == prefix_tree::service) {
      return build();
    }
    state.promtail = Process::active;
    return {};
  }

  [[nodiscard]] Answer start_keyserver() const {
    if (state.keyserver == Process::active) {
      return {};  // Pebble does not start a running service again.
    }
    if (state.tree == Tree::damaged || !place.where_.programs_work) {
      state.keyserver = Process::backoff;
      state.runs_with = 0;
      return Refusal{Refusal::By::program, "exited quickly with code 1"};
    }
    state.keyserver = Process::active;
    state.runs_with = state.files;
    state.tree = state.tree == Tree::missing ? Tree::partial : state.tree;
    return {};
  }

  /// A rebuild of few keys ends before the charm looks again.
  [[nodiscard]] Answer build() const {
    if (!place.where_.programs_work) {
      state.build = Process::error;
      state.tree = state.tree == Tree::missing ? Tree::partial : state.tree;
      return Refusal{Refusal::By::program, "exited quickly with code 1"};
    }
    state.build = Process::inactive;
    state.closed = true;
    state.tree = Tree::whole;
    return {};
  }

  Answer operator()(const step::StopServices& stopping) const {
    for (const std::string& service : stopping.services) {
      Process& process = service == hockeypuck::service    ? state.keyserver
                         : service == prefix_tree::service ? state.build
                                                           : state.promtail;
      stop(process);
    }
    state.runs_with = state.keyserver == Process::active ? state.runs_with : std::uint8_t{0};
    return {};
  }

  Answer operator()(const step::SendSignal& /*send*/) const { return {}; }

  Answer operator()(const step::ListDirectory& /*list*/) const {
    return state.tree == Tree::missing ? Names{} : Names{{"CURRENT", "LOCK", "LOG"}};
  }

  Answer operator()(const step::ReadLastOutput& read) const {
    const std::int64_t a_minute_ago =
        beginning_of_hook(place.where_.leader).time_since_epoch().count() - 60;
    if (read.service == prefix_tree::service || state.tree != Tree::damaged) {
      return Text{place.where_.programs_work && read.after >= a_minute_ago ? "" : crash};
    }
    return Text{damage};
  }

  Answer operator()(const step::ProbeDatabase& /*probe*/) const {
    return probe_of(place.where_.server);
  }

  /// Needs a server that accepts writes.
  Answer operator()(const step::PrepareDatabase& /*prepare*/) const {
    return place.where_.server == Server::ready
               ? prefix_tree::DatabaseContent{identity_of_database, true}
               : Answer(failed_query());
  }

  Answer operator()(const step::KeepUploads& /*keep*/) const {
    if (queries_fail()) {
      return failed_query();
    }
    state.policy = true;
    return postgres::KeptUploads{.enforced = true};
  }

  Answer operator()(const step::CountKeys& /*count*/) const {
    return queries_fail() ? Answer(failed_query())
                          : postgres::KeyCount{keys_in_database, keys_in_database};
  }

  Answer operator()(const step::BlockKeys& /*block*/) const { return {}; }

  Answer operator()(const step::UnblockKeys& /*unblock*/) const { return {}; }

  Answer operator()(const step::ImportBlockList& /*list*/) const { return {}; }

  Answer operator()(const step::CountDigests& /*count*/) const {
    return Number{state.tree == Tree::whole ? keys_in_database : 10};
  }

  Answer operator()(const step::AskVersion& /*ask*/) const {
    return Text{serves() ? std::string(hockeypuck::version) : ""};
  }

  Answer operator()(const step::FindKey& find) const {
    const Key key = key_of(find.fingerprint, &Material::fingerprint).value();
    return serves() ? state.found(key) : StoredKey::unknown;
  }

  Answer operator()(const step::UploadKey& upload) const {
    const Key key = key_of(upload.fingerprint, &Material::fingerprint).value();
    if (serves() && upload.armor != known(key).certificate) {
      state.store(key, StoredKey::revoked);
    } else if (serves() && state.found(key) == StoredKey::absent) {
      state.store(key, StoredKey::present);
    }
    return {};
  }

  Answer operator()(const step::UploadKeys& /*upload*/) const { return {}; }

  Answer operator()(const step::DeleteKeys& /*request*/) const { return {}; }

  Answer operator()(const step::TryAdminKey& attempt) const {
    const Key key = key_of(attempt.private_key, &Material::secret).value();
    if (state.keyserver != Process::active) {
      return keyserver::Answer{.status = 0, .body = {}, .error = "connection refused"};
    }
    const bool accepted =
        state.found(key) == StoredKey::present && place.lists(state.runs_with, key);
    return keyserver::Answer{.status = accepted ? 404 : 422, .body = {}, .error = {}};
  }

  Answer operator()(const step::WaitUntil& wait) const {
    dispatch.snapshot.now = wait.time;
    return {};
  }

  Answer operator()(const step::Pause& /*pause*/) const { return {}; }
};

/// Reads again the parts that the step can have changed, as look_again() does.
void Place::look(const Step& step, Dispatch& dispatch) const {
  Workload* workload = dispatch.snapshot.workload ? &*dispatch.snapshot.workload : nullptr;
  if (workload == nullptr) {
    return;
  }
  const State& state = dispatch.state;
  if (is<step::AddLayer>(step)) {
    workload->plan = plans[state.plan].plan;
    read_services(dispatch);
  } else if (is<step::PlaceFiles>(step) || is<step::RemovePaths>(step) || is<step::Install>(step)) {
    read_files(dispatch);
  } else if (is<step::StartService>(step) || is<step::StopServices>(step) ||
             is<step::WaitUntil>(step) || is<step::Pause>(step)) {
    read_services(dispatch);
    dispatch.snapshot.keyserver = health(state);
  } else {
    return;
  }
  workload->tree_is_closed = workload->rebuild && state.build == Process::inactive && state.closed;
}

void Place::take(const Step& step, Dispatch& dispatch) {
  Answer answer = std::visit(Interpreter{*this, dispatch, dispatch.state}, step.what);
  if (changes_plan(step)) {
    dispatch.plan_key += static_cast<char>(step.what.index());
    dispatch.plan_key += static_cast<char>(answer.index());
  }
  dispatch.snapshot.history.add({step, std::move(answer)});
  look(step, dispatch);
  if (changes_plan(step)) {
    dispatch.plan = plan_of(dispatch);
  }
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
