// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The environment of a dispatch, the answers of the hook tools, the parameters of an action and the
// stored memory of a unit.
#include "charm/actions/action.hpp"
#include "charm/json/memory_text.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"
#include "juju/hook_answers.hpp"
#include "subjects.hpp"

#include <array>
#include <functional>

namespace fuzz::juju {
namespace {

/// Every hook tool answers with the same text: as its output, and as its error message.
class OneAnswer final : public charm::juju::CommandRunner {
 public:
  OneAnswer(int exit_code, std::string_view text) : exit_code_(exit_code), text_(text) {}

  charm::juju::CommandResult run(const std::vector<std::string>& /*argv*/,
                                 std::string_view input) override {
    input_ = input;
    return {.exit_code = exit_code_, .out = text_, .err = text_};
  }

  [[nodiscard]] const std::string& input() const { return input_; }

 private:
  int exit_code_;
  std::string text_;
  std::string input_;
};

void ask(const std::function<void()>& question) {
  try {
    question();
  } catch (const charm::juju::HookToolError& error) {
    static_cast<void>(error.vanished());
  }
}

void hook_tools(std::string_view text) {
  for (const int exit_code : {0, 1}) {
    OneAnswer runner(exit_code, text);
    const charm::juju::HookTools tools(runner);
    ask([&] { static_cast<void>(tools.config_get()); });
    ask([&] { static_cast<void>(tools.is_leader()); });
    ask([&] { static_cast<void>(tools.relation_ids("database")); });
    ask([&] { static_cast<void>(tools.relation_list(1)); });
    ask([&] { static_cast<void>(tools.relation_app(1)); });
    ask([&] { static_cast<void>(tools.relation_get(1, "a/0", charm::Scope::unit)); });
    ask([&] { static_cast<void>(tools.secret_get("secret:1")); });
    ask([&] { static_cast<void>(tools.state_get("memory")); });
    ask([&] { static_cast<void>(tools.opened_ports()); });
    ask([&] { static_cast<void>(tools.bind_address("a")); });
    ask([&] { static_cast<void>(tools.action_get_json()); });
  }
}

void databag(std::string_view text) {
  try {
    const charm::Databag bag = charm::juju::answers::databag(std::string(text));
    OneAnswer runner(0, {});
    charm::juju::HookTools(runner).state_set(bag);
    require(charm::juju::answers::databag(runner.input()) == bag,
            "a databag is the same after it was written and read");
  } catch (const charm::juju::answers::WrongShape&) {
    return;
  }
}

void environment(std::string_view text) {
  std::map<std::string, std::string> variables;
  for (const std::string_view variable : pieces(text)) {
    const auto [name, value] = first_line(variable);
    variables.emplace(name, value);
  }
  const auto context = charm::juju::Context::from(variables);
  static_cast<void>(context.goal());
  require(!context.concerns_us() || !context.unit_name.empty(), "a dispatch concerns a unit");
  require(!context.broken_relation || context.broken_relation == context.relation_id,
          "the broken relation is the relation of the event");
  require(!context.relation_id || *context.relation_id >= 0, "a relation id is not negative");
}

void parameters(std::string_view text) {
  unless_error([text] {
    const charm::actions::Parameters read(text);
    for (const char* const name : {"files", "limit", "replace"}) {
      unless_error([&] { static_cast<void>(read.text(name)); });
      unless_error([&] { static_cast<void>(read.number(name)); });
      unless_error([&] { static_cast<void>(read.flag(name)); });
    }
  });
}

void memory(std::string_view text) {
  const auto read = charm::read_memory(std::string(text));
  if (read) {
    require(charm::read_memory(charm::memory_text(*read)) == read,
            "a memory is the same after it was written and read");
    static_cast<void>(read->is_fresh(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)));
  }
}

constexpr std::array all = {
    Parser{"hook-tools", hook_tools},   Parser{"databag", databag},
    Parser{"environment", environment}, Parser{"parameters", parameters},
    Parser{"memory", memory},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::juju
