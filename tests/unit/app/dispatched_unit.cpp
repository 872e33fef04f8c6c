// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/app/dispatched_unit.hpp"

#include "charm/app/admin_key.hpp"
#include "charm/app/apply.hpp"
#include "charm/app/observe.hpp"
#include "charm/app/reconcile.hpp"
#include "charm/app/run_action.hpp"
#include "charm/domain/hockeypuck.hpp"
#include "charm/download/download.hpp"
#include "src/app/tree_request.hpp"
#include "tests/unit/app/log_to_juju.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <ctime>
#include <deque>

namespace charm {

namespace {

/// Actions of the tests speak to the keyserver through the World only.
constexpr int nobodys_port = 1;

const std::string tree_file = std::string(prefix_tree::path) + "/CURRENT";

}  // namespace

const openpgp::AdminKey& DispatchedUnit::admin_key(std::size_t number) {
  static std::deque<openpgp::AdminKey> keys;  // References into it stay valid.
  while (keys.size() <= number) {
    keys.push_back(openpgp::AdminKey::generate(
        "Administrator", std::chrono::sys_seconds(std::chrono::days(20'000))));
  }
  return keys[number];
}

DispatchedUnit::DispatchedUnit() {
  juju.relations[0] = {.endpoint = "hockeypuck-peers", .remote_app = "hockeypuck-k8s"};
}

DispatchedUnit::~DispatchedUnit() = default;

void DispatchedUnit::relate_database() {
  juju.relations[database_relation] = {.endpoint = "database",
                                       .remote_app = "postgresql-k8s",
                                       .remote_app_data = {{"endpoints", "pg-0:5432,pg-1:5432"},
                                                           {"database", "hockeypuck-k8s"},
                                                           {"username", "relation_id_3"},
                                                           {"password", "first-password"},
                                                           {"tls", "False"}},
                                       .remote_units = {{"postgresql-k8s/0", {}}}};
  servers["pg-0"] = {.outcome = postgres::Outcome::ready};
}

void DispatchedUnit::remove_database() {
  juju.relations[database_relation].broken = true;
}

Databag& DispatchedUnit::database_answer() {
  return juju.relations.at(database_relation).remote_app_data;
}

juju::Context DispatchedUnit::context(const std::map<std::string, std::string>& environment) const {
  std::map<std::string, std::string> all = {
      {"JUJU_UNIT_NAME", juju.unit},
      {"JUJU_MODEL_NAME", "keys"},
      {"JUJU_MODEL_UUID", "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d"},
      {"JUJU_VERSION", "3.6.11"},
      {"JUJU_DISPATCH_PATH", "hooks/update-status"}};
  for (const auto& [name, value] : environment) {
    all[name] = value;
  }
  return juju::Context::from(all);
}

World DispatchedUnit::world(const juju::HookTools& tools, const pebble::Client& client) {
  return {.juju = tools,
          .pebble = client,
          .probe =
              [this](const postgres::Target& target, int) {
                touch();
                probed.push_back(target.host);
                const auto found = servers.find(target.host);
                return found == servers.end()
                           ? postgres::ProbeResult{.reason = "connection refused"}
                           : found->second;
              },
          .keyserver = [this] { return look(); },
          .keyserver_version =
              [this] {
                return look() == KeyserverHealth::serving ? std::string(hockeypuck::version) : "";
              },
          .download = [this](const Download& wanted,
                             const Databag& proxies) { return serve(wanted, proxies); },
          .prepare_database =
              [this](const postgres::Target& target) {
                touch();
                fail_if_told();
                prepared.insert(target.host);
                return prefix_tree::DatabaseContent{.identity = database, .has_keys = keys > 0};
              },
          .count_keys =
              [this](const postgres::Target&) {
                touch();
                fail_if_told();
                ++counts;
                return keys;
              },
          .count_digests = [this] { return std::optional(digests); },
          .new_admin_key = [this](const std::string&) { return admin_key(keys_made++); },
          .find_key = [this](const std::string& fingerprint) { return find(fingerprint); },
          .add_key = [this](const std::string& armor) { add(armor); },
          .try_admin_key =
              [this](const openpgp::AdminKey& key) {
                touch();
                return look() == KeyserverHealth::unreachable
                           ? keyserver::Answer{.error = "connection refused"}
                           : keyserver::Answer{.status = takes(key) ? 404 : 422};
              },
          .now = [this] { return now; },
          .pause =
              [this] {
                // Ten pauses are a second.
                now += std::chrono::seconds(++pauses % 10 == 0 ? 1 : 0);
              }};
}

std::string DispatchedUnit::serve(const Download& wanted, const Databag& proxies) {
  touch();
  asked_for.push_back(wanted.url);
  download_proxies = proxies;
  const auto found = downloads.find(wanted.url);
  if (found == downloads.end()) {
    throw download::DownloadError("from loki: HTTP 404");
  }
  return found->second;
}

/// Like Hockeypuck: look-ups also work on a standby.
KeyserverHealth DispatchedUnit::look() const {
  if (pebble.current("hockeypuck") != "active" || slow_to_start) {
    return KeyserverHealth::unreachable;
  }
  const std::string text = configuration();
  for (const auto& [host, result] : servers) {
    const bool answers = result.outcome == postgres::Outcome::ready ||
                         result.outcome == postgres::Outcome::read_only;
    if (answers && text.find("host='" + host + "'") != std::string::npos) {
      return KeyserverHealth::serving;
    }
  }
  return KeyserverHealth::database_failing;
}

keyserver::StoredKey DispatchedUnit::find(const std::string& fingerprint) const {
  return look() == KeyserverHealth::serving ? found(keys, fingerprint)
                                            : keyserver::StoredKey::unknown;
}

void DispatchedUnit::add(const std::string& armor) {
  touch();
  if (look() == KeyserverHealth::serving && !refuses_uploads) {
    store(keys, armor);
  }
}

bool DispatchedUnit::takes(const openpgp::AdminKey& key) const {
  const std::string text = configuration();
  const auto line = text.find("adminKeys");
  return find(key.fingerprint()) == keyserver::StoredKey::present && line != std::string::npos &&
         text.substr(line, text.find('\n', line) - line).find(key.fingerprint()) !=
             std::string::npos;
}

void DispatchedUnit::run_to_its_end(const std::map<std::string, std::string>& environment) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  const LogToJuju log(tools);
  const World outside = world(tools, client);
  try {
    Snapshot snapshot = observe(context(environment), outside);
    take_brought_key(snapshot);
    make_admin_key(snapshot, outside);
    apply(reconcile(snapshot), snapshot, outside);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    log.flush();
    throw;
  }
  log.flush();
}

bool DispatchedUnit::dispatch(const std::string& hook,
                              const std::map<std::string, std::string>& environment) {
  auto all = environment;
  all["JUJU_DISPATCH_PATH"] = "hooks/" + hook;
  try {
    run_to_its_end(all);
  } catch (const std::exception& error) {
    last_error = error.what();
    juju.rollback();
    return false;
  }
  juju.commit();
  return true;
}

void DispatchedUnit::run_action_to_its_end(const std::string& action) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  const LogToJuju log(tools);
  run_action(context({{"JUJU_DISPATCH_PATH", "actions/" + action}, {"JUJU_ACTION_NAME", action}}),
             world(tools, client), keyserver::Client(nobodys_port));
  log.flush();
}

bool DispatchedUnit::act(const std::string& action) {
  juju.action = test::FakeAction{};
  run_action_to_its_end(action);
  juju.commit();  // Juju keeps the writes of an action that fails, too.
  return !juju.action->failure;
}

template <typename Dispatch>
bool DispatchedUnit::killed_at(int touch, Dispatch dispatched) {
  touches_left_ = touch;
  bool killed = false;
  try {
    dispatched();
  } catch (const Killed&) {
    juju.rollback();
    killed = true;
  }
  touches_left_.reset();
  return killed;
}

bool DispatchedUnit::dispatch_killed_at(int touch) {
  return killed_at(touch, [this] { dispatch(); });
}

bool DispatchedUnit::act_killed_at(int touch, const std::string& action) {
  return killed_at(touch, [this, &action] { act(action); });
}

bool DispatchedUnit::dispatch_losing_pebble_at(int exchange) {
  exchanges_left_ = exchange;
  const bool succeeded = dispatch();
  exchanges_left_.reset();
  return succeeded;
}

prefix_tree::Outcome DispatchedUnit::ask_for_rebuild(std::chrono::seconds wait) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  const World outside = world(tools, client);
  const Snapshot snapshot = observe(context({}), outside);
  return rebuild_tree(reconcile(snapshot), snapshot, "an action asked for it", wait, outside);
}

Snapshot DispatchedUnit::observe_now(const std::map<std::string, std::string>& environment) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  return observe(context(environment), world(tools, client));
}

OutsideState DispatchedUnit::state() const {
  OutsideState state{.ports = juju.ports,
                     .status = juju.unit_status,
                     .plan = pebble.plan().dump(),
                     .service = pebble.current("hockeypuck")};
  for (const auto& [id, relation] : juju.relations) {
    state.app_bags[id] = relation.local_app_data;
    state.unit_bags[id] = relation.local_unit_data;
  }
  for (const auto& [path, file] : pebble.files) {
    state.files[path] = file.content;
  }
  return state;
}

std::string DispatchedUnit::file(std::string_view path) const {
  const auto found = pebble.files.find(std::string(path));
  return found == pebble.files.end() ? std::string() : found->second.content;
}

std::set<std::string> DispatchedUnit::files_off_storage() const {
  std::set<std::string> paths;
  for (const auto& [path, file] : pebble.files) {
    if (!path.starts_with(test::FakePebble::storage)) {
      paths.insert(path);
    }
  }
  return paths;
}

std::string DispatchedUnit::configuration() const {
  return file(hockeypuck::config_path);
}

std::string DispatchedUnit::log_text() const {
  std::string text;
  for (const auto& [level, message] : juju.log) {
    text += message + "\n";
  }
  return text;
}

void DispatchedUnit::touch() {
  if (touches_left_ && (*touches_left_)-- == 0) {
    throw Killed{};
  }
}

juju::CommandResult DispatchedUnit::run(const std::vector<std::string>& argv,
                                        std::string_view input) {
  touch();
  arguments.insert(arguments.end(), argv.begin(), argv.end());
  return juju.run(argv, input);
}

pebble::Response DispatchedUnit::send(const pebble::Request& request,
                                      std::chrono::milliseconds limit) {
  touch();
  if (exchanges_left_ && *exchanges_left_ == 0) {
    throw pebble::ConnectionError(request.target + ": connection reset by peer");
  }
  if (exchanges_left_) {
    --*exchanges_left_;
  }
  const int starts = pebble.starts("hockeypuck");
  if (is_damaged()) {
    pebble.exits_quickly["hockeypuck"] = {damage_};
  } else if (!damage_.empty()) {
    pebble.exits_quickly.erase("hockeypuck");
    damage_.clear();
  }
  pebble::Response response = pebble.send(request, limit);
  if (is_damaged() && pebble.starts("hockeypuck") != starts) {
    say("hockeypuck", damage_);
  }
  run_programs();
  return response;
}

/// What the programs of the workload do as soon as Pebble has started them.
void DispatchedUnit::run_programs() {
  both_ran = both_ran || (builds() && pebble.current("hockeypuck") == "active");
  if (pebble.current("hockeypuck") == "active" && pebble.files.try_emplace(tree_file).second) {
    digests = 0;
  }
  if (builds() && !slow_build) {
    end_build();
  }
}

/// A keyserver dies of a damaged tree within its first second.
void DispatchedUnit::damage_tree(const std::string& words) {
  damage_ = words;
  pebble.files[tree_file].content = "damaged";
  pebble.end("hockeypuck", 1);
  say("hockeypuck", words);
}

void DispatchedUnit::say(const std::string& service, const std::string& words) {
  const std::time_t time = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &parts));
  pebble.logs.push_back({text.data(), service, words});
}

bool DispatchedUnit::is_damaged() const {
  const auto tree = pebble.files.find(tree_file);
  return tree != pebble.files.end() && tree->second.content == "damaged";
}

void DispatchedUnit::end_build(int exit_code) {
  if (exit_code == 0) {
    digests = keys;
    pebble.files[tree_file].content = database;
    pebble.files[std::string(prefix_tree::statistics_path)].content = "{}";
  }
  pebble.end("prefix-tree-build", exit_code);
}

void DispatchedUnit::fail_if_told() const {
  if (database_fails) {
    throw postgres::DatabaseError(postgres::Outcome::unreachable, "the database does not answer");
  }
}

}  // namespace charm
