// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The grammar: what each operation does to the model.

#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"
#include "tests/simulation/deployment.hpp"
#include "tests/simulation/partners.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace simulation {

using rehearsal::Life;
using rehearsal::one_minute;

namespace {

constexpr std::array<const char*, 2> server_names = {"pg-0", "pg-1"};

int modulo(int value, int count) {
  return count < 1 ? 0 : ((value % count) + count) % count;
}

}  // namespace

SimulatedUnit& Deployment::pod(int which) {
  auto place = pods_.begin();
  std::advance(place, modulo(which, static_cast<int>(pods_.size())));
  return *place->second;
}

void Deployment::relate(const std::string& endpoint, int variant) {
  const Partner& partner = partner_of(endpoint);
  rehearsal::Model& model = world_.model;
  if (!relation_on(endpoint)) {
    const bool is_ending = std::any_of(
        model.relations.begin(), model.relations.end(),
        [&](const auto& entry) { return rehearsal::end_of(entry.second, partner.app) != nullptr; });
    if (is_ending) {
      return;  // Juju refuses a second relation of the same endpoints.
    }
    rehearsal::add_relation(
        model, {{app, our_charm().endpoints.at(endpoint)}, {partner.app, {.name = endpoint}}});
    rehearsal::enter_scopes(model, partner.app + "/0");
  }
  inputs_.relations[endpoint] = variant;
  publish(endpoint, variant);
}

void Deployment::publish(const std::string& endpoint, int variant) {
  const Partner& partner = partner_of(endpoint);
  if (endpoint == database_endpoint && !is_hostile(partner, variant)) {
    return;  // The provider answers a request.
  }
  rehearsal::Relation& relation = world_.model.relations.at(*relation_on(endpoint));
  const PartnerData data = data_of(partner, variant);
  rehearsal::Bag app_changes = data.app;
  rehearsal::Bag unit_changes = data.unit;
  for (const auto& [key, value] : relation.app_bags[partner.app]) {
    app_changes.try_emplace(key, "");
  }
  for (const std::string& key : partner.unit_keys) {
    unit_changes.try_emplace(key, "");
  }
  rehearsal::write_app_bag(relation, partner.app, app_changes);
  rehearsal::write_unit_bag(relation, partner.app + "/0", unit_changes);
}

/// As postgresql-k8s does when a requirer has asked for a database.
void Deployment::answer_as_provider() {
  const auto id = relation_on(database_endpoint);
  if (!id || provider_is_silent_ ||
      is_hostile(partner_of(database_endpoint), inputs_.relations.at(database_endpoint))) {
    return;
  }
  rehearsal::Relation& relation = world_.model.relations.at(*id);
  const rehearsal::Bag& request = relation.app_bags[app];
  if (!request.contains("database")) {
    return;
  }
  const std::string password = "canary-password-" + std::to_string(inputs_.password);
  rehearsal::Bag answer = {
      {"database", request.at("database")},
      {"endpoints",
       std::string(server_names.at(static_cast<std::size_t>(inputs_.primary))) + ":5432"},
      {"tls", "False"},
      {"username", ""},
      {"password", ""},
      {"secret-user", ""},
      {"status", ""},
      {"data", "{}"}};
  if (inputs_.password_in_secret) {
    const std::string label = "database." + std::to_string(*id);
    auto secret = std::find_if(world_.model.secrets.begin(), world_.model.secrets.end(),
                               [&](const auto& entry) { return entry.second.label == label; });
    if (secret == world_.model.secrets.end()) {
      const std::string fresh = rehearsal::new_secret_id(world_.model.random);
      secret =
          world_.model.secrets
              .emplace(fresh, rehearsal::Secret{.id = fresh, .owner = database_app, .label = label})
              .first;
    }
    rehearsal::Secret& found = secret->second;
    const rehearsal::Bag content = {{"username", "relation_user"}, {"password", password}};
    if (found.latest() == 0 || found.revisions.at(found.latest()).content != content) {
      found.revisions[found.latest() + 1] = {.content = content};
    }
    found.grants.clear();
    if (secret_is_granted_) {
      found.grants.push_back({.relation = *id, .target = app});
    }
    answer["secret-user"] = "secret:" + found.id;
  } else {
    answer["username"] = "relation_user";
    answer["password"] = password;
  }
  rehearsal::write_app_bag(relation, database_app, answer);
}

void Deployment::choose_servers() {
  using charm::postgres::Outcome;
  const auto primary = static_cast<std::size_t>(inputs_.primary);
  world_.servers.clear();
  world_.database_fails = false;
  constexpr std::array outcomes = {Outcome::ready,     Outcome::unreachable, Outcome::refused,
                                   Outcome::read_only, Outcome::untrusted,   Outcome::not_ours};
  const auto state = static_cast<std::size_t>(modulo(servers_, 7));
  world_.database_fails = state == 6;
  world_.servers[server_names.at(primary)] = {
      .outcome = state < outcomes.size() ? outcomes.at(state) : Outcome::ready,
      .reason = "as simulated",
      .cause = "as simulated"};
  world_.servers[server_names.at(1 - primary)] = {.outcome = state == 1 ? Outcome::unreachable
                                                                        : Outcome::read_only};
}

void Deployment::bring_admin_key(int which) {
  rehearsal::Model& model = world_.model;
  ++allowed_key_changes_;
  rehearsal::Application& application = model.application(app);
  if (which == 0) {
    application.config.erase("admin-key-secret");
    inputs_.admin_key = 0;
    return;
  }
  if (admin_key_secret_.empty()) {
    admin_key_secret_ = rehearsal::new_secret_id(model.random);
    model.secrets[admin_key_secret_] = {.id = admin_key_secret_, .owner = {}, .name = "admin"};
  }
  rehearsal::Secret& secret = model.secrets.at(admin_key_secret_);
  // After all keys that the charm can make in one simulation.
  constexpr std::size_t first_of_operator = 90;
  inputs_.admin_key = which == 3 ? -1 : which;
  const std::string text =
      which > 0 && which < 3 ? std::string(SimulatedUnit::key_number(
                                               first_of_operator + static_cast<std::size_t>(which))
                                               .secret_armor()
                                               .reveal())
                             : "not a key";
  const rehearsal::Bag content = {{"private-key", text}};
  if (secret.latest() == 0 || secret.revisions.at(secret.latest()).content != content) {
    secret.revisions[secret.latest() + 1] = {.content = content};
  }
  secret.grants = {{.relation = -1, .target = app}};
  application.config["admin-key-secret"] = "secret:" + admin_key_secret_;
}

void Deployment::set_option(const Operation& operation) {
  const auto& all = options();
  const Option& option =
      all.at(static_cast<std::size_t>(modulo(operation.which, static_cast<int>(all.size()))));
  const int value = modulo(operation.how, static_cast<int>(option.values.size()) + 1);
  rehearsal::Application& application = world_.model.application(app);
  if (value == 0) {
    application.config.erase(option.name);
    inputs_.config.erase(option.name);
    return;
  }
  const std::string& text = option.values.at(static_cast<std::size_t>(value) - 1);
  inputs_.config[option.name] = text;
  application.config[option.name] =
      rehearsal::parse_config_value(option.name, our_charm().options.at(option.name), text);
}

void Deployment::change_provider(const Operation& operation) {
  switch (modulo(operation.which, 5)) {
    case 0:
      ++inputs_.password;
      break;
    case 1:
      inputs_.password_in_secret = !inputs_.password_in_secret;
      break;
    case 2:
      provider_is_silent_ = !provider_is_silent_;
      break;
    case 3:
      secret_is_granted_ = !secret_is_granted_;
      break;
    default:
      inputs_.primary = 1 - inputs_.primary;
      choose_servers();
  }
}

void Deployment::scale(int count) {
  world_.has_shrunk = world_.has_shrunk || count < inputs_.units;
  inputs_.units = count;
  for (const std::string& unit : units()) {
    if (rehearsal::number_of(unit) >= count && world_.model.unit(unit).life == Life::alive) {
      rehearsal::begin_removal(world_.model, unit);
    }
  }
  rehearsal::add_units(world_.model, app, count);
}

void Deployment::enqueue_action(const Operation& operation) {
  const std::vector<std::string> names = units();
  const std::string& unit =
      names.at(static_cast<std::size_t>(modulo(operation.how, static_cast<int>(names.size()))));
  const bool rotates = operation.which % 2 == 0;
  allowed_key_changes_ += rotates ? 1 : 0;
  const int id = world_.model.next_task++;
  world_.model.tasks[id] = {.id = id,
                            .unit = unit,
                            .action = rotates ? "rotate-admin-key" : "rebuild-prefix-tree",
                            .params = rotates ? "{}" : R"({"wait":0})"};
}

void Deployment::disturb_pod(const Operation& operation) {
  if (pods_.empty()) {
    return;
  }
  SimulatedUnit& unit = pod(operation.which);
  switch (operation.kind) {
    case Kind::pebble:
      unit.pebble.down = operation.how % 2 == 0;
      break;
    case Kind::keyserver:
      unit.slow_to_start = operation.how % 2 == 0;
      break;
    default:
      if (unit.pebble.current(container) == "active") {
        world_.model.now += one_minute;
        unit.now = std::chrono::sys_seconds(
            std::chrono::seconds(world_.model.now / rehearsal::one_second));
        unit.damage_tree("leveldb/table: corruption on data-block (pos=0)");
      }
  }
}

void Deployment::apply(const Operation& operation) {
  rehearsal::Model& model = world_.model;
  const auto name_at = [&](int which) {
    const std::vector<std::string> names = units();
    return names.at(static_cast<std::size_t>(modulo(which, static_cast<int>(names.size()))));
  };
  const auto endpoint_at = [](int which) {
    return partners()
        .at(static_cast<std::size_t>(modulo(which, static_cast<int>(partners().size()))))
        .endpoint;
  };
  ++world_.figures.operations;
  switch (operation.kind) {
    case Kind::run:
      run(operation.which);
      break;
    case Kind::time:
      model.now += operation.which % 8 == 7 ? 7 * 60 * one_minute
                                            : (operation.which % 8 + 1) * 2 * one_minute;
      break;
    case Kind::lead: {
      const std::string next = name_at(operation.which);
      if (model.unit(next).life == Life::alive && model.application(app).leader != next) {
        model.application(app).leader = next;
      }
      break;
    }
    case Kind::relate: {
      const std::string endpoint = endpoint_at(operation.which);
      relate(endpoint, modulo(operation.how, variants_of(partner_of(endpoint))));
      break;
    }
    case Kind::unrelate:
      if (const auto id = relation_on(endpoint_at(operation.which))) {
        model.relations.at(*id).life = Life::dying;
        inputs_.relations.erase(endpoint_at(operation.which));
      }
      break;
    case Kind::option:
      set_option(operation);
      break;
    case Kind::secret:
      bring_admin_key(modulo(operation.which, 4));
      break;
    case Kind::scale:
      scale(1 + modulo(operation.which, 3));
      break;
    case Kind::churn:
      model.unit(name_at(operation.which)).replace_pod = true;
      model.unit(name_at(operation.which)).stop_skipped = operation.how % 2 == 1;
      break;
    case Kind::container:
      if (const std::string unit = name_at(operation.which); pods_.contains(unit)) {
        restart_container(unit);
      }
      break;
    case Kind::refresh:
      ++model.application(app).revision;
      for (const std::string& unit : units()) {
        model.unit(unit).replace_pod = true;
      }
      break;
    case Kind::database:
      servers_ = operation.which;
      choose_servers();
      break;
    case Kind::provider:
      change_provider(operation);
      break;
    case Kind::pebble:
    case Kind::keyserver:
    case Kind::damage:
      disturb_pod(operation);
      break;
    case Kind::action:
      enqueue_action(operation);
      break;
    case Kind::fault:
      faults_.push_back({static_cast<Disturbance>(modulo(operation.which, 5)), operation.how});
      break;
    case Kind::overlap:
      overlap_ = true;
      leadership_moves_ = modulo(operation.how, 2) == 1;
      break;
  }
}

void Deployment::heal() {
  faults_.clear();
  servers_ = 0;
  provider_is_silent_ = false;
  secret_is_granted_ = true;
  choose_servers();
  for (auto& [name, unit] : pods_) {
    unit->pebble.down = false;
    unit->slow_to_start = false;
  }
}

}  // namespace simulation
