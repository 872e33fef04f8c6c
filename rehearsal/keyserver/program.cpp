// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/program.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

constexpr int exit_failure = 1;
constexpr int exit_panic = 2;

using Words = std::vector<std::string>;

/// "NAME=value", or the value in the next word, to which `word` then points.
std::string value_of(const std::string& name, const std::optional<std::string>& value,
                     Words::const_iterator& word, Words::const_iterator end) {
  if (value) {
    return *value;
  }
  if (++word == end) {
    throw UsageError(exit_panic, "flag needs an argument: -" + name);
  }
  return *word;
}

int report(const std::exception& error, int status) {
  std::cerr << error.what() << "\n";
  return status;
}

}  // namespace

Invocation parse_invocation(const Words& words) {
  Invocation invocation{.program = words.front()};
  auto word = words.begin() + 1;
  for (; word != words.end() && word->starts_with('-') && *word != "-"; ++word) {
    std::string name = word->substr(word->starts_with("--") ? 2 : 1);
    if (name.empty()) {
      ++word;
      break;
    }
    std::optional<std::string> value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.erase(equals);
    }
    if (name == "config") {
      invocation.configuration_file = value_of(name, value, word, words.end());
    } else if (name == "log") {
      invocation.log_level = value_of(name, value, word, words.end());
    } else if (name != "cpuprof" && name != "memprof") {
      throw UsageError(exit_panic, "flag provided but not defined: -" + name);
    }
  }
  invocation.arguments = {word, words.end()};
  return invocation;
}

Configuration load_configuration(const Invocation& invocation) {
  std::ifstream file(invocation.configuration_file);
  if (!file) {
    throw ConfigurationError("Error loading configuration file '" + invocation.configuration_file +
                             "'.");
  }
  std::ostringstream text;
  text << file.rdbuf();
  Configuration configuration = read_configuration(text.str());
  if (!invocation.log_level.empty()) {
    configuration.log_level = invocation.log_level;
  }
  return configuration;
}

int run_program(int argc, char** argv, const std::function<void(const Invocation&)>& program) {
  try {
    program(parse_invocation({argv, argv + argc}));
    return EXIT_SUCCESS;
  } catch (const UsageError& error) {
    return report(error, error.status());
  } catch (const ConfigurationPanic& error) {
    return report(error, exit_panic);
  } catch (const std::exception& error) {
    return report(error, exit_failure);
  }
}

}  // namespace rehearsal::keyserver
