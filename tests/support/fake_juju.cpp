// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju.hpp"

#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace test {
namespace {

using charm::juju::CommandResult;

/// Linux rejects one argument of 128 KiB.
constexpr std::size_t longest_argument = 131071;
constexpr std::string_view context_id = "fake";

rehearsal::Relation relation_in_model(int id, const FakeRelation& fake, const std::string& unit) {
  const std::string app = rehearsal::app_of(unit);
  rehearsal::Relation relation{.id = id, .ends = {{app, {.name = fake.endpoint}}}};
  if (fake.remote_app != app) {
    relation.ends.push_back({fake.remote_app, {.name = fake.endpoint}});
    relation.app_bags[fake.remote_app] = fake.remote_app_data;
  }
  relation.app_bags[app] = fake.local_app_data;
  relation.unit_bags = fake.remote_units;
  relation.unit_bags[unit] = fake.local_unit_data;
  relation.scope = {unit};
  return relation;
}

rehearsal::RelationView view_of(const FakeRelation& fake) {
  rehearsal::RelationView view{.created = true};
  for (const auto& [member, bag] : fake.remote_units) {
    view.members[member] = 0;
  }
  return view;
}

rehearsal::Secret secret_in_model(const std::string& id, const FakeSecret& fake,
                                  const std::string& unit) {
  const std::string app = rehearsal::app_of(unit);
  rehearsal::Secret secret{.id = id, .owner = fake.own ? app : "", .label = fake.label};
  for (std::size_t index = 0; index < fake.revisions.size(); ++index) {
    secret.revisions[static_cast<int>(index) + 1].content = fake.revisions[index];
  }
  if (fake.granted) {
    secret.grants.push_back({.target = app});
  }
  if (fake.tracked > 0) {
    secret.consumers[unit].tracked = static_cast<int>(fake.tracked);
  }
  return secret;
}

rehearsal::StatusInfo status_in_model(const std::optional<charm::Status>& status) {
  return status ? rehearsal::StatusInfo{.status = std::string(charm::to_string(status->kind)),
                                        .message = status->message}
                : rehearsal::StatusInfo{};
}

std::optional<charm::Status> status_from_model(const rehearsal::StatusInfo& status) {
  using charm::StatusKind;
  for (const auto kind :
       {StatusKind::active, StatusKind::waiting, StatusKind::maintenance, StatusKind::blocked}) {
    if (charm::to_string(kind) == status.status) {
      return charm::Status{.kind = kind, .message = status.message};
    }
  }
  return std::nullopt;
}

/// `{"a":{"b":"1"}}` becomes the result `a.b`.
void flatten(const nlohmann::json& tree, const std::string& prefix,
             std::map<std::string, std::string>& results) {
  for (const auto& [key, value] : tree.items()) {
    if (value.is_object()) {
      flatten(value, prefix + key + ".", results);
    } else {
      results[prefix + key] = value.get<std::string>();
    }
  }
}

rehearsal::Task task_in_model(const FakeAction& action) {
  return {.params = action.parameters,
          .message = action.failure.value_or(""),
          .results = nlohmann::json(action.results).dump(),
          .log = action.log};
}

void read_task_back(const rehearsal::HookContext& context, FakeAction& action) {
  action.results.clear();
  flatten(nlohmann::json::parse(context.task->results), "", action.results);
  action.log = context.task->log;
  if (context.task_failed) {
    action.failure = context.task->message;
  }
}

/// If a relation is being removed, the hook is its relation-broken.
rehearsal::Event event_of(const std::map<int, FakeRelation>& relations) {
  for (const auto& [id, relation] : relations) {
    if (relation.broken) {
      return {.kind = rehearsal::EventKind::relation_broken,
              .subject = relation.endpoint,
              .relation = id,
              .remote_app = relation.remote_app};
    }
  }
  return {};
}

bool can_be_started(const std::string& tool) {
  static const std::vector<std::string> names = rehearsal::tools::tool_names();
  return std::find(names.begin(), names.end(), tool) != names.end();
}

}  // namespace

CommandResult run_hook_tool(rehearsal::HookContext& context, const std::vector<std::string>& argv,
                            std::string_view input) {
  rehearsal::wire::Request request{.context_id = context.id,
                                   .tool = argv.front(),
                                   .arguments = {argv.begin() + 1, argv.end()},
                                   .inputs = {{"-", std::string(input)}}};
  while (true) {
    rehearsal::wire::Reply reply = rehearsal::tools::run_tool(context, request);
    if (!reply.wanted_input) {
      return {
          .exit_code = reply.exit_code, .out = std::move(reply.out), .err = std::move(reply.err)};
    }
    std::ifstream file(*reply.wanted_input);
    if (!file) {
      return {.exit_code = 1, .out = {}, .err = "ERROR open " + *reply.wanted_input + "\n"};
    }
    request.inputs[*reply.wanted_input] = std::string(std::istreambuf_iterator<char>(file), {});
  }
}

CommandResult FakeJuju::run(const std::vector<std::string>& argv, std::string_view input) {
  if (std::any_of(argv.begin(), argv.end(),
                  [](const auto& word) { return word.size() > longest_argument; })) {
    return {.exit_code = 127, .out = {}, .err = "Argument list too long"};
  }
  ++calls[argv.front()];
  if (const auto failure = failing.find(argv.front()); failure != failing.end()) {
    return failure->second;
  }
  if (!can_be_started(argv.front())) {
    return {.exit_code = 127, .out = {}, .err = "cannot start " + argv.front()};
  }
  rehearsal::Model present = model();
  rehearsal::Task task = task_in_model(action.value_or(FakeAction{}));
  rehearsal::HookContext context{
      .model = present,
      .unit_name = unit,
      .event = event_of(relations),
      .id = std::string(context_id),
      .leader = leader,
      .random = random_,
      .changes = std::move(changes_),
      .task = action ? &task : nullptr,
      .log = [this](const std::string& level, const std::string& /*logger*/,
                    const std::string& text) { log.emplace_back(level, text); },
      .names_changed = [] {}};
  CommandResult result = run_hook_tool(context, argv, input);
  changes_ = std::move(context.changes);
  random_ = context.random;
  read_back(present);
  if (action) {
    read_task_back(context, *action);
  }
  return result;
}

rehearsal::Model FakeJuju::model() const {
  rehearsal::Model model;
  rehearsal::Application& application = model.applications[app()];
  application = {.name = app(),
                 .config = config,
                 .leader = leader ? unit : std::string(),
                 .status = status_in_model(app_status),
                 .workload_version = version};
  application.charm.endpoints["hockeypuck-peers"].role = rehearsal::Role::peer;
  for (const auto& [name, value] : config) {
    application.charm.options[name] = {};
  }
  rehearsal::Unit& own = model.units[unit];
  own = {.name = unit, .app = app(), .address = address, .state = state};
  own.status = status_in_model(unit_status);
  for (const int port : ports) {
    own.ports.insert(std::to_string(port) + "/tcp");
  }
  for (const auto& [id, relation] : relations) {
    model.relations[id] = relation_in_model(id, relation, unit);
    own.relations[id] = view_of(relation);
  }
  for (const auto& [id, secret] : secrets) {
    model.secrets[id] = secret_in_model(id, secret, unit);
  }
  return model;
}

void FakeJuju::read_back(const rehearsal::Model& model) {
  const rehearsal::Unit& own = model.unit(unit);
  unit_status = status_from_model(own.status);
  app_status = status_from_model(model.application(app()).status);
  version = model.application(app()).workload_version;
  read_secrets_back(model);
}

void FakeJuju::read_secrets_back(const rehearsal::Model& model) {
  std::erase_if(secrets, [&model](const auto& known) { return !model.secrets.count(known.first); });
  for (const auto& [id, secret] : model.secrets) {
    FakeSecret& fake = secrets[id];
    const auto consumer = secret.consumers.find(unit);
    const int tracked = consumer == secret.consumers.end() ? 0 : consumer->second.tracked;
    fake.revisions.clear();
    fake.tracked = 0;
    for (const auto& [number, revision] : secret.revisions) {
      fake.revisions.push_back(revision.content);
      fake.tracked = number == tracked ? fake.revisions.size() : fake.tracked;
    }
    fake.own = secret.owner == app();
    fake.label = secret.label;
  }
}

void FakeJuju::commit() {
  rehearsal::Model next = model();
  rehearsal::commit(next, unit, changes_);
  changes_ = {};
  read_back(next);
  const rehearsal::Unit& own = next.unit(unit);
  state = own.state;
  ports.clear();
  for (const std::string& port : own.ports) {
    ports.insert(std::stoi(port));
  }
  for (auto& [id, relation] : relations) {
    relation.local_app_data = next.relations.at(id).app_bags.at(app());
    relation.local_unit_data = next.relations.at(id).unit_bags.at(unit);
  }
}

void FakeJuju::rollback() {
  changes_ = {};
}

int FakeJuju::total_calls() const {
  int total = 0;
  for (const auto& [tool, count] : calls) {
    total += count;
  }
  return total;
}

}  // namespace test
