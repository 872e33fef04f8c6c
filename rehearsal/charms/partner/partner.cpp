// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/partner/partner.hpp"

#include "charm/juju/log_sink.hpp"
#include "charm/pebble/transport.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <iostream>
#include <sstream>
#include <thread>
#include <variant>

namespace rehearsal::partner {
namespace {

using charm::Databag;
using charm::Relation;
using charm::Scope;

int attempt(const Dispatch& dispatch, const std::function<void(const Dispatch&)>& body) {
  const bool is_action = !dispatch.context.action_name.empty();
  if (!is_action && dispatch.context.goal() == charm::Goal::stop) {
    return 0;
  }
  try {
    body(dispatch);
    return 0;
  } catch (const charm::pebble::ConnectionError& error) {
    if (is_action) {
      dispatch.tools.action_fail(error.what());
    } else {
      dispatch.tools.status_set(Scope::unit, {charm::StatusKind::waiting, "waiting for Pebble"});
    }
    return 0;
  } catch (const std::exception& error) {
    if (is_action) {
      dispatch.tools.action_fail(error.what());
      return 0;
    }
    dispatch.tools.log("ERROR", error.what());
    return 1;
  }
}

Relation read_relation(const Dispatch& dispatch, std::string_view endpoint, int id, bool leader) {
  const charm::juju::HookTools& tools = dispatch.tools;
  Relation relation{
      .id = id, .endpoint = std::string(endpoint), .remote_app = tools.relation_app(id)};
  relation.remote_app_data = tools.relation_get(id, relation.remote_app, Scope::app);
  for (const std::string& unit : tools.relation_list(id)) {
    relation.remote_units[unit] = tools.relation_get(id, unit, Scope::unit);
  }
  relation.local_unit_data = tools.relation_get(id, dispatch.context.unit_name, Scope::unit);
  if (leader) {
    relation.local_app_data = tools.relation_get(id, dispatch.application(), Scope::app);
  }
  return relation;
}

}  // namespace

std::string Dispatch::application() const {
  return context.unit_name.substr(0, context.unit_name.find('/'));
}

std::string text_option(const std::map<std::string, charm::ConfigValue>& config,
                        const std::string& name) {
  const auto found = config.find(name);
  return found == config.end() ? "" : std::get<std::string>(found->second);
}

int run(std::string_view container, const std::function<void(const Dispatch&)>& charm) {
  try {
    const charm::juju::Context context =
        charm::juju::Context::from(charm::juju::process_environment());
    if (!context.concerns_us()) {
      return 0;
    }
    charm::juju::ProcessRunner runner;
    const charm::juju::HookTools tools(runner);
    charm::pebble::UnixSocketTransport transport("/charm/containers/" + std::string(container) +
                                                 "/pebble.socket");
    const charm::pebble::Client pebble(transport);
    return attempt({context, runner, tools, pebble}, charm);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

std::vector<Relation> read_relations(const Dispatch& dispatch, std::string_view endpoint) {
  const bool leader = dispatch.tools.is_leader();
  std::vector<Relation> relations;
  for (const int id : dispatch.tools.relation_ids(endpoint)) {
    if (dispatch.context.broken_relation != id) {
      relations.push_back(read_relation(dispatch, endpoint, id, leader));
    }
  }
  return relations;
}

std::string value_of(const Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  return entry == bag.end() ? "" : entry->second;
}

nlohmann::json json_value(const Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  if (entry == bag.end()) {
    return nullptr;
  }
  nlohmann::json value = nlohmann::json::parse(entry->second, nullptr, false);
  if (value.is_discarded()) {
    throw InvalidData(key + " is not JSON");
  }
  return value;
}

std::string json_text(const Databag& bag, const std::string& key) {
  const nlohmann::json value = json_value(bag, key);
  if (!value.is_string()) {
    throw InvalidData(key + " is not a string");
  }
  return value.get<std::string>();
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string word; std::getline(stream, word, ',');) {
    if (!word.empty()) {
      found.push_back(word);
    }
  }
  return found;
}

void publish(const Dispatch& dispatch, const Relation& relation, Scope scope,
             const Databag& wanted) {
  const Databag& ours =
      scope == Scope::app ? relation.local_app_data.value() : relation.local_unit_data;
  Databag changes;
  for (const auto& [key, value] : wanted) {
    if (value != value_of(ours, key)) {
      changes[key] = value;
    }
  }
  if (!changes.empty()) {
    dispatch.tools.relation_set(relation.id, scope, changes);
  }
}

void point_service(charm::juju::CommandRunner& runner, const std::string& name,
                   const std::string& unit) {
  const charm::juju::CommandResult result =
      runner.run({"rehearsal-service", "set", name, unit}, "");
  if (result.exit_code != 0) {
    throw charm::Error("rehearsal-service: " + result.err);
  }
}

std::vector<charm::File> changed_files(const charm::pebble::Client& pebble,
                                       const std::vector<charm::File>& files) {
  std::vector<std::string> paths;
  for (const charm::File& file : files) {
    paths.push_back(file.path);
  }
  const auto existing = pebble.read(paths);
  std::vector<charm::File> changed;
  for (const charm::File& file : files) {
    const auto content = existing.find(file.path);
    if (content == existing.end() || content->second != file.content) {
      changed.push_back(file);
    }
  }
  return changed;
}

bool write_changed(const charm::pebble::Client& pebble, const std::vector<charm::File>& files) {
  const std::vector<charm::File> changed = changed_files(pebble, files);
  if (!changed.empty()) {
    pebble.write(changed);
  }
  return !changed.empty();
}

void run_services(const charm::pebble::Client& pebble, std::string_view label,
                  const charm::Layer& layer) {
  pebble.add_layer(label, layer);
  pebble.replan();
}

bool is_active(const charm::pebble::Client& pebble, std::string_view service) {
  return pebble.service_state(service) == "active";
}

bool comes_true(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

}  // namespace rehearsal::partner
