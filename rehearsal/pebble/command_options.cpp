// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/command_options.hpp"

#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

constexpr const char* default_folder = "/var/lib/pebble/default";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Parser {
 public:
  explicit Parser(CommandOptions& options)
      : flags_{{"--create-dirs", &options.agent.create_dirs},
               {"--hold", &options.agent.hold},
               {"--verbose", &options.agent.verbose},
               {"-v", &options.agent.verbose},
               {"--no-resend", &no_resend_}},
        values_{{"--http",
                 [&options](const std::string& value) { options.agent.http_address = value; }},
                {"--identities",
                 [&options](const std::string& value) { options.agent.identities = value; }}} {}

  void parse(const std::vector<std::string>& arguments) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      const std::size_t equals = argument.find('=');
      const auto value = values_.find(argument.substr(0, equals));
      if (const auto flag = flags_.find(argument); flag != flags_.end()) {
        *flag->second = true;
      } else if (value != values_.end() && equals != std::string::npos) {
        value->second(argument.substr(equals + 1));
      } else if (value != values_.end() && i + 1 < arguments.size()) {
        value->second(arguments[++i]);
      } else {
        throw std::runtime_error("not supported by the rehearsal's agent: " + argument);
      }
    }
  }

  bool no_resend() const { return no_resend_; }

 private:
  bool no_resend_ = false;
  std::map<std::string, bool*> flags_;
  std::map<std::string, std::function<void(const std::string&)>> values_;
};

}  // namespace

CommandOptions parse_command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front() != "run") {
    throw std::runtime_error("not supported by the rehearsal's agent: only the command \"run\" is");
  }
  CommandOptions options;
  Parser parser(options);
  parser.parse(arguments);
  options.agent.resend_logs = !parser.no_resend();
  options.agent.verbose = options.agent.verbose || environment("PEBBLE_VERBOSE") == "1";
  const std::string folder = environment("PEBBLE");
  options.agent.folder = folder.empty() ? default_folder : folder;
  const std::string socket = environment("PEBBLE_SOCKET");
  options.socket = options.agent.folder / ".pebble.socket";
  if (!socket.empty()) {
    options.socket = socket;
  }
  return options;
}

}  // namespace rehearsal::pebble
