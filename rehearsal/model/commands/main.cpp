// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// rehearse: a small Juju model on one machine.

#include "rehearsal/model/commands/command.hpp"

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace rehearsal::commands {
namespace {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> list;
    for (const auto& group :
         {deploy_commands(), relation_commands(), config_commands(), action_commands(),
          status_commands(), time_commands(), log_commands(), execution_commands(),
          removal_commands(), churn_commands(), secret_commands(), model_commands()}) {
      list.insert(list.end(), group.begin(), group.end());
    }
    return list;
  }();
  return commands;
}

const Command* find_command(const std::string& name) {
  const auto found =
      std::find_if(all_commands().begin(), all_commands().end(), [&name](const Command& command) {
        return command.name == name || (!command.alias.empty() && command.alias == name);
      });
  return found == all_commands().end() ? nullptr : &*found;
}

void print_summary() {
  std::cout << "Usage: rehearse COMMAND [ARGUMENTS]\n\n"
               "A Juju model on this machine: it runs charms as Juju does, in real processes.\n\n"
               "Commands:\n";
  for (const Command& command : all_commands()) {
    std::cout << "  " << std::left << std::setw(20) << command.name << command.summary << "\n";
  }
  std::cout << "\nOptions of every command:\n"
               "  -m, --model NAME    The model to work on (default: rehearsal).\n"
               "  -q, --quiet         Do not tell of each hook on standard error.\n\n"
               "`rehearse help COMMAND` tells more.\n";
}

void print_help(const Command& command) {
  std::cout << "Usage: rehearse " << command.name << " " << command.usage << "\n\n"
            << command.summary << "\n";
  if (!command.alias.empty()) {
    std::cout << "\nAlias: " << command.alias << "\n";
  }
  if (!command.details.empty()) {
    std::cout << "\n" << command.details << "\n";
  }
}

int help(const std::vector<std::string>& words) {
  if (words.empty()) {
    print_summary();
    return 0;
  }
  const Command* command = find_command(words.front());
  if (command == nullptr) {
    std::cerr << "ERROR \"" << words.front() << "\" is not a rehearse command\n";
    return 2;
  }
  print_help(*command);
  return 0;
}

int run(const Command& command, const std::vector<std::string>& words) {
  std::vector<Flag> flags = command.flags;
  flags.push_back({.name = "model", .short_name = "m"});
  flags.push_back({.name = "quiet", .short_name = "q", .takes_value = false});
  flags.push_back({.name = "help", .short_name = "h", .takes_value = false});
  const Arguments arguments(words, flags);
  if (arguments.has("help")) {
    print_help(command);
    return 0;
  }
  SessionOptions options{.quiet = arguments.has("quiet")};
  if (const char* name = std::getenv("REHEARSAL_MODEL"); name != nullptr) {
    options.model = name;
  }
  options.model = arguments.value("model").value_or(options.model);
  return command.run(options, arguments);
}

/// Global options may stand before the command.
int dispatch(std::vector<std::string> words) {
  std::vector<std::string> before;
  while (!words.empty() && words.front().size() > 1 && words.front()[0] == '-') {
    const bool takes_value = words.front() == "-m" || words.front() == "--model";
    const auto count = static_cast<std::ptrdiff_t>(takes_value && words.size() > 1 ? 2 : 1);
    before.insert(before.end(), words.begin(), words.begin() + count);
    words.erase(words.begin(), words.begin() + count);
  }
  const bool asks = std::any_of(before.begin(), before.end(), [](const std::string& word) {
    return word == "-h" || word == "--help";
  });
  if (words.empty() || asks || words.front() == "help") {
    return help(words.empty() ? words : std::vector<std::string>(words.begin() + 1, words.end()));
  }
  const Command* command = find_command(words.front());
  if (command == nullptr) {
    std::cerr << "ERROR \"" << words.front()
              << "\" is not a rehearse command; see `rehearse help`\n";
    return 2;
  }
  before.insert(before.end(), words.begin() + 1, words.end());
  return run(*command, before);
}

}  // namespace

std::string required(const Arguments& arguments, std::size_t index, std::string_view what) {
  if (index >= arguments.words().size()) {
    throw tools::usage_error("no " + std::string(what) + " specified");
  }
  return arguments.words()[index];
}

std::pair<std::string, std::string> key_and_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw tools::usage_error("expected \"key=value\", got \"" + text + "\"");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

int whole_number(const std::string& text, int least) {
  const bool digits =
      !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoi(text) < least) {
    throw tools::usage_error("expected a whole number from " + std::to_string(least) + ", got \"" +
                             text + "\"");
  }
  return std::stoi(text);
}

}  // namespace rehearsal::commands

int main(int argc, char** argv) {
  try {
    return rehearsal::commands::dispatch({argv + 1, argv + argc});
  } catch (const rehearsal::tools::ToolError& error) {
    std::cerr << "ERROR " << error.what() << std::endl;
    return error.exit_code();
  } catch (const std::exception& error) {
    std::cerr << "ERROR " << error.what() << std::endl;
    return 1;
  }
}
