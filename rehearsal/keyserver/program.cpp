// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/program.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <array>
#include <cstdlib>
#include <exception>
#include <iostream>

#include <getopt.h>

namespace rehearsal::keyserver {
namespace {

constexpr int exit_failure = 1;
constexpr int exit_panic = 2;

int report(const std::exception& error, int status) {
  std::cerr << error.what() << "\n";
  return status;
}

}  // namespace

Invocation parse_invocation(int argc, char** argv) {
  static constexpr std::array options{option{"config", required_argument, nullptr, 'c'},
                                      option{"log", required_argument, nullptr, 'l'}, option{}};
  Invocation invocation{.program = argv[0]};
  int letter = 0;
  while ((letter = getopt_long_only(argc, argv, "+", options.data(), nullptr)) != -1) {
    if (letter == 'c') {
      invocation.configuration_file = optarg;
    } else if (letter == 'l') {
      invocation.log_level = optarg;
    } else {
      throw UsageError(exit_panic, "only the options -config and -log are supported");
    }
  }
  invocation.arguments = {argv + optind, argv + argc};
  return invocation;
}

Configuration load_configuration(const Invocation& invocation) {
  const std::optional<std::string> text = file_text(invocation.configuration_file);
  if (!text) {
    throw ConfigurationError("Error loading configuration file '" + invocation.configuration_file +
                             "'.");
  }
  Configuration configuration = read_configuration(*text);
  if (!invocation.log_level.empty()) {
    configuration.log_level = invocation.log_level;
  }
  return configuration;
}

int run_program(int argc, char** argv, const std::function<void(const Invocation&)>& program) {
  try {
    program(parse_invocation(argc, argv));
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
