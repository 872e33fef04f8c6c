// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/hook/dispatched_unit.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/hook.hpp"
#include "src/app/run_action.hpp"
#include "tests/unit/hook/log_to_juju.hpp"
#include "tests/unit/hook/outside.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <deque>

namespace charm {

const openpgp::AdminKey& DispatchedUnit::admin_key(std::size_t number) {
  static std::deque<openpgp::AdminKey> keys;  // A deque keeps references to its elements valid.
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

bool DispatchedUnit::dispatch_relation(int id, const std::string& event) {
  const std::string endpoint = juju.relations.at(id).endpoint;
  return dispatch(
      endpoint + "-relation-" + event,
      {{"JUJU_RELATION", endpoint}, {"JUJU_RELATION_ID", endpoint + ":" + std::to_string(id)}});
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

void DispatchedUnit::run_to_its_end(const std::map<std::string, std::string>& environment) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  const LogToJuju log(tools);
  Outside outside(*this);
  try {
    const Doors doors = outside.doors(tools, client);
    history = run_hook(context(environment), doors, observe(context(environment), doors))
                  .snapshot.history;
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
  Outside outside(*this);
  run_action(context({{"JUJU_DISPATCH_PATH", "actions/" + action}, {"JUJU_ACTION_NAME", action}}),
             outside.doors(tools, client));
  log.flush();
}

bool DispatchedUnit::act(const std::string& action) {
  juju.action = test::FakeAction{};
  run_action_to_its_end(action);
  juju.commit();  // Juju also keeps the writes of an action that fails.
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

bool DispatchedUnit::dispatch_out_of_time_at(int exchange) {
  time_ends_ = true;
  const bool succeeded = dispatch_losing_pebble_at(exchange);
  time_ends_ = false;
  return succeeded;
}

prefix_tree::Outcome DispatchedUnit::ask_for_rebuild(std::chrono::seconds wait) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  Outside outside(*this);
  juju.action = test::FakeAction{};
  return rebuild_tree(context({}), outside.doors(tools, client), "an action asked for it", wait);
}

Snapshot DispatchedUnit::observe_now(const std::map<std::string, std::string>& environment) {
  const juju::HookTools tools(*this);
  const pebble::Client client(*this);
  Outside outside(*this);
  return observe(context(environment), outside.doors(tools, client));
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

}  // namespace charm
