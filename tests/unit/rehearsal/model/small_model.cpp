// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rehearsal/model/small_model.hpp"

#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/resolver.hpp"
#include "rehearsal/model/secrets.hpp"

namespace rehearsal::test {
namespace {

Endpoint endpoint(const std::string& name, const std::string& interface, Role role) {
  return {.name = name, .interface = interface, .role = role};
}

void add_application(Model& model, const std::string& name, const Charm& charm) {
  Application app{.name = name};
  app.charm = charm;
  app.charm.name = name;
  model.applications[name] = app;
  add_units(model, name, 1);
}

}  // namespace

Model small_model(std::uint64_t seed) {
  Model model{.name = "test", .seed = seed, .random = seed, .now = 1'000'000};
  Charm hk;
  hk.endpoints = {{"db", endpoint("db", "postgresql_client", Role::requirer)},
                  {"peers", endpoint("peers", "hk_peers", Role::peer)}};
  hk.containers["web"] = {};
  hk.storage["data"] = {};
  hk.options["name"] = {.default_value = ConfigValue(std::string("x"))};
  Charm pg;
  pg.endpoints = {{"db", endpoint("db", "postgresql_client", Role::provider)}};
  add_application(model, "hk", hk);
  add_application(model, "pg", pg);
  add_relation(model, {{"hk", hk.endpoints.at("peers")}});
  for (auto& [name, unit] : model.units) {
    unit.pod = true;
    unit.address = next_address(model);
  }
  model.unit("hk/0").workload_events.push_back(
      {Event{.kind = EventKind::pebble_ready, .subject = "web"}, 0});
  return model;
}

int integrate(Model& model) {
  return add_relation(model, resolve_endpoints(model, "hk", "pg"));
}

std::vector<std::string> take_all(Model& model) {
  std::vector<std::string> taken;
  for (bool moved = true; moved;) {
    moved = false;
    std::vector<std::string> names;
    for (const auto& [name, unit] : model.units) {
      names.push_back(name);
    }
    for (const std::string& name : names) {
      if (model.units.count(name) == 0) {
        continue;
      }
      enter_scopes(model, name);
      if (const auto event = next_event(model, name)) {
        taken.push_back(name + " " + event_name(*event) +
                        (event->remote_unit.empty() ? "" : " " + event->remote_unit));
        note_done(model, name, *event);
        moved = true;
      }
      sweep(model);
    }
  }
  return taken;
}

std::string add_secret(Model& model, int relation) {
  const std::string id = new_secret_id(model.random);
  model.secrets[id] = Secret{.id = id,
                             .owner = "pg",
                             .revisions = {{1, {.content = {{"password", "one"}}}}},
                             .grants = {{relation, "hk"}}};
  return id;
}

}  // namespace rehearsal::test
