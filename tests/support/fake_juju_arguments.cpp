// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju_arguments.hpp"

#include <nlohmann/json.hpp>

namespace test {
namespace {

std::map<std::string, bool> reader(std::map<std::string, bool> options = {}) {
  options["--format"] = true;
  return options;
}

}  // namespace

const OptionTable& option_table() {
  static const OptionTable table = {
      {"config-get", reader()},
      {"is-leader", reader()},
      {"relation-ids", reader()},
      {"relation-list", reader({{"-r", true}, {"--relation", true}, {"--app", false}})},
      {"relation-get", reader({{"-r", true}, {"--relation", true}, {"--app", false}})},
      {"relation-set", {{"-r", true}, {"--relation", true}, {"--app", false}, {"--file", true}}},
      {"secret-get", reader({{"--label", true}, {"--peek", false}, {"--refresh", false}})},
      {"secret-add", {{"--owner", true}, {"--label", true}, {"--file", true}}},
      {"secret-set", {{"--file", true}}},
      {"secret-remove", {}},
      {"state-get", reader({{"--strict", false}})},
      {"state-set", {{"--file", true}}},
      {"opened-ports", reader()},
      {"open-port", {}},
      {"close-port", {}},
      {"network-get", reader({{"-r", true}, {"--relation", true}})},
      {"status-set", {{"--application", false}}},
      {"application-version-set", {}},
      {"juju-log", {{"-l", true}, {"--log-level", true}, {"--debug", false}}},
      {"action-get", reader()},
      {"action-set", {}},
      {"action-log", {}},
      {"action-fail", {}},
  };
  return table;
}

std::string printed(const nlohmann::json& json) {
  std::string text;
  for (const char byte : json.dump()) {
    switch (byte) {
      case '<':
        text += "\\u003c";
        break;
      case '>':
        text += "\\u003e";
        break;
      case '&':
        text += "\\u0026";
        break;
      default:
        text += byte;
    }
  }
  return text + "\n";
}

std::string FakeJuju::Arguments::value(const std::string& name, const std::string& other) const {
  for (const std::string& spelling : {name, other}) {
    if (const auto found = options.find(spelling); found != options.end()) {
      return found->second;
    }
  }
  return {};
}

void FakeJuju::Arguments::at_most(std::size_t count) const {
  if (positional.size() > count) {
    throw Refusal{2, "unrecognized args: [\"" + positional.at(count) + "\"]"};
  }
}

FakeJuju::Arguments FakeJuju::parse(const std::vector<std::string>& argv, std::string_view input) {
  Arguments arguments{.tool = argv.front(), .options = {}, .positional = {}, .input = {}};
  arguments.input = input;
  const auto tool = option_table().find(arguments.tool);
  if (tool == option_table().end()) {
    throw Refusal{127, "cannot start " + arguments.tool};
  }
  bool options_over = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (options_over || word == "-" || !word.starts_with('-')) {
      arguments.positional.push_back(word);
      continue;
    }
    if (word == "--") {
      options_over = true;
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = tool->second.find(name);
    if (option == tool->second.end()) {
      throw Refusal{2, "option provided but not defined: " + name};
    }
    const bool next = option->second && equals == std::string::npos;
    if (next && i + 1 == argv.size()) {
      throw Refusal{2, "option needs an argument: " + name};
    }
    const std::string inline_value = equals == std::string::npos ? "true" : word.substr(equals + 1);
    arguments.options[name] = next ? argv[++i] : inline_value;
  }
  return arguments;
}

}  // namespace test
