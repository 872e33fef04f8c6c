// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulate.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/simulation/deployment.hpp"
#include "tests/simulation/partners.hpp"

#include <algorithm>
#include <map>

namespace simulation {

namespace {

constexpr int events_to_converge = 3;
constexpr std::int64_t some_keys = 1000;

void converge(Deployment& deployment) {
  deployment.settle();
  for (int event = 0; event < events_to_converge; ++event) {
    deployment.pass(deployment.world().model.update_status_interval);
  }
}

bool is_wrong(const Inputs& inputs) {
  return std::any_of(options().begin(), options().end(), [&](const Option& option) {
    const auto given = inputs.config.find(option.name);
    return given != inputs.config.end() &&
           std::find(option.values.begin(), option.values.end(), given->second) >=
               option.values.begin() + static_cast<std::ptrdiff_t>(option.first_wrong);
  });
}

bool is_hostile_on(const Inputs& inputs, const std::string& endpoint) {
  const auto relation = inputs.relations.find(endpoint);
  return relation != inputs.relations.end() && is_hostile(partner_of(endpoint), relation->second);
}

/// A wrong option changes neither a running keyserver nor what its clients use, so both then depend
/// on the past.
bool depends_on_the_past(const Inputs& inputs) {
  return is_wrong(inputs) || inputs.admin_key < 0 || is_hostile_on(inputs, database_endpoint);
}

/// The end of a fresh deployment. Many sequences end with the same inputs.
const EndState& fresh_end(const Inputs& inputs) {
  static std::map<Inputs, EndState> known;
  const auto [place, is_new] = known.try_emplace(inputs);
  if (is_new) {
    Deployment fresh(inputs, 1);
    converge(fresh);
    place->second = fresh.end_state();
    place->second["violation"] = fresh.world().violation.value_or("");
  }
  return place->second;
}

template <typename IsCompared>
std::optional<std::string> difference(EndState end, const EndState& fresh, IsCompared is_compared) {
  for (const auto& [name, value] : fresh) {
    end.try_emplace(name, "");
  }
  for (const auto& [name, value] : end) {
    const auto expected = fresh.find(name);
    const std::string wanted = expected == fresh.end() ? std::string() : expected->second;
    if (is_compared(name) && value != wanted) {
      return name + " is \"" + value + "\" and not \"" + wanted + "\"";
    }
  }
  return std::nullopt;
}

/// Whether this part of the end follows from the inputs alone.
bool follows(const Inputs& inputs, const std::string& name) {
  const bool is_of_key =
      name.starts_with("relation hockeypuck-peers") || name.starts_with("admin key");
  if (depends_on_the_past(inputs)) {
    const bool is_of_clients =
        name.starts_with("relation database ") || name.starts_with("relation traefik-route ");
    return name.ends_with(" status") ||
           (name.starts_with("relation ") && !is_of_key && !is_of_clients);
  }
  // Without a database the charm cannot try the operator's key, and a requested rebuild waits.
  return inputs.relations.contains(database_endpoint) || !(is_of_key || name.ends_with(" rebuild"));
}

void compare(const Inputs& inputs, const EndState& end, World& world) {
  const auto is_compared = [&](const std::string& name) {
    return follows(inputs, name) &&
           !(world.has_shrunk && name.ends_with(charm::hockeypuck::config_path));
  };
  if (const auto different = difference(end, fresh_end(inputs), is_compared)) {
    world.violate("I1: " + *different);
  }
  Inputs honest = inputs;
  for (auto& [endpoint, variant] : honest.relations) {
    variant = is_hostile_on(inputs, endpoint) ? silent : variant;
  }
  if (depends_on_the_past(inputs) || honest == inputs) {
    return;
  }
  const auto is_elsewhere = [&](const std::string& name) {
    return is_compared(name) && !name.ends_with(" status");
  };
  if (const auto different = difference(end, fresh_end(honest), is_elsewhere)) {
    world.violate("I12: a hostile partner changed " + *different);
  }
}

}  // namespace

Result simulate(const Sequence& sequence, bool with_journal) {
  Deployment deployment(
      {.units = sequence.units, .key_count = sequence.seed % 2 == 0 ? 0 : some_keys},
      sequence.seed);
  World& world = deployment.world();
  if (with_journal) {
    world.journal.keep_lines();
  }
  for (const Operation& operation : sequence.operations) {
    deployment.apply(operation);
    deployment.run(static_cast<int>(rehearsal::draw(world.model, 4)));
  }
  deployment.heal();
  converge(deployment);
  if (!world.violation) {
    deployment.expect_no_more_changes();
    compare(deployment.inputs(), deployment.end_state(), world);
  }
  ++world.figures.sequences;
  return {.violation = world.violation,
          .digest = world.journal.digest(),
          .journal = world.journal.lines(),
          .figures = world.figures};
}

}  // namespace simulation
