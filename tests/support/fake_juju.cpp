// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju.hpp"

#include "tests/support/fake_juju_arguments.hpp"

#include <algorithm>

namespace test {

using charm::Databag;
using charm::Scope;
using charm::juju::CommandResult;

CommandResult FakeJuju::run(const std::vector<std::string>& argv, std::string_view input) {
  // Linux refuses one argument of 128 KiB.
  if (std::any_of(argv.begin(), argv.end(),
                  [](const auto& word) { return word.size() > 131071; })) {
    return {.exit_code = 127, .out = {}, .err = "Argument list too long"};
  }
  ++calls[argv.front()];
  if (const auto failure = failing.find(argv.front()); failure != failing.end()) {
    return failure->second;
  }
  try {
    return {.exit_code = 0, .out = dispatch(parse(argv, input)), .err = {}};
  } catch (const Refusal& refusal) {
    return {.exit_code = refusal.exit_code, .out = {}, .err = "ERROR " + refusal.text + "\n"};
  }
}

std::string FakeJuju::dispatch(const Arguments& arguments) {
  static const std::map<std::string, Tool> tools = {
      {"config-get", &FakeJuju::config_get},
      {"is-leader", &FakeJuju::is_leader},
      {"relation-ids", &FakeJuju::relation_ids},
      {"relation-list", &FakeJuju::relation_list},
      {"relation-get", &FakeJuju::relation_get},
      {"relation-set", &FakeJuju::relation_set},
      {"secret-get", &FakeJuju::secret_get},
      {"secret-add", &FakeJuju::secret_add},
      {"secret-set", &FakeJuju::secret_set},
      {"secret-remove", &FakeJuju::secret_remove},
      {"state-get", &FakeJuju::state_get},
      {"state-set", &FakeJuju::state_set},
      {"opened-ports", &FakeJuju::opened_ports},
      {"open-port", &FakeJuju::open_port},
      {"close-port", &FakeJuju::close_port},
      {"network-get", &FakeJuju::network_get},
      {"status-set", &FakeJuju::status_set},
      {"application-version-set", &FakeJuju::application_version_set},
      {"juju-log", &FakeJuju::juju_log},
      {"action-get", &FakeJuju::action_get},
      {"action-set", &FakeJuju::action_set},
      {"action-log", &FakeJuju::action_log},
      {"action-fail", &FakeJuju::action_fail},
  };
  const bool reads = option_table().at(arguments.tool).count("--format") != 0;
  if (reads && arguments.value("--format") != "json") {
    throw Refusal{2, "this fake prints JSON only"};
  }
  return (this->*tools.at(arguments.tool))(arguments);
}

void FakeJuju::commit() {
  for (const auto& [place, changes] : pending_bags_) {
    FakeRelation& relation = relations.at(place.first);
    Databag& bag = place.second == Scope::app ? relation.local_app_data : relation.local_unit_data;
    bag = merged(bag, changes);
  }
  for (const auto& [port, open] : pending_ports_) {
    if (open) {
      ports.insert(port);
    } else {
      ports.erase(port);
    }
  }
  state = pending_state_.value_or(state);
  commit_secrets();
  rollback();
}

void FakeJuju::rollback() {
  pending_bags_.clear();
  pending_ports_.clear();
  pending_state_.reset();
  pending_secrets_.clear();
  pending_removals_.clear();
}

int FakeJuju::total_calls() const {
  int total = 0;
  for (const auto& [tool, count] : calls) {
    total += count;
  }
  return total;
}

}  // namespace test
