// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// rehearse: a small Juju model on one machine, which can also be called by the name juju.

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>

namespace rehearsal::commands {
namespace {

/// The name of the program. As `juju` it has only Juju's commands and prints less.
struct Program {
  std::string name;

  [[nodiscard]] bool is_juju() const { return name == "juju"; }
};

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> list;
    for (const auto& group :
         {deploy_commands(), relation_commands(), config_commands(), action_commands(),
          status_commands(), time_commands(), log_commands(), execution_commands(),
          removal_commands(), scale_commands(), churn_commands(), secret_commands(),
          model_commands(), model_option_commands()}) {
      list.insert(list.end(), group.begin(), group.end());
    }
    return list;
  }();
  return commands;
}

const Command* find_command(const Program& program, const std::string& name) {
  const auto found =
      std::find_if(all_commands().begin(), all_commands().end(), [&](const Command& command) {
        return (command.name == name || (!command.alias.empty() && command.alias == name)) &&
               !(program.is_juju() && command.is_own);
      });
  return found == all_commands().end() ? nullptr : &*found;
}

const Command& need_command(const Program& program, const std::string& name) {
  const Command* command = find_command(program, name);
  if (const std::string reason = reason_for_absence(name); command == nullptr && !reason.empty()) {
    throw UserError(program.name + " " + name + " is not available: the rehearsal " + reason);
  }
  if (command == nullptr) {
    throw tools::usage_error(program.name + ": \"" + name + "\" is not a " + program.name +
                             " command. See \"" + program.name + " --help\".");
  }
  return *command;
}

void print_summary(const Program& program) {
  std::cout << "Usage: " << program.name
            << " COMMAND [ARGUMENTS]\n\n"
               "Runs a Juju model on this machine, with charms as real processes.\n\n"
               "Commands:\n";
  for (const Command& command : all_commands()) {
    if (find_command(program, std::string(command.name)) != nullptr) {
      std::cout << "  " << std::left << std::setw(20) << command.name << command.summary << "\n";
    }
  }
  std::cout << "\nOptions of every command:\n"
               "  -m, --model NAME    The model to use (default: rehearsal).\n"
               "  -q, --quiet         Do not report each hook on standard error.\n\n"
               "`"
            << program.name << " help COMMAND` explains a command.\n";
}

void print_help(const Program& program, const Command& command) {
  std::cout << "Usage: " << program.name << " " << command.name << " " << command.usage << "\n\n"
            << command.summary << "\n";
  if (!command.alias.empty()) {
    std::cout << "\nAlias: " << command.alias << "\n";
  }
  if (!command.details.empty()) {
    std::cout << "\n" << command.details << "\n";
  }
}

int help(const Program& program, const std::vector<std::string>& words) {
  if (words.empty()) {
    print_summary(program);
  } else {
    print_help(program, need_command(program, words.front()));
  }
  return 0;
}

int run(const Program& program, const Command& command, const std::vector<std::string>& words) {
  std::vector<Flag> flags = command.flags;
  flags.push_back({.name = "model", .short_name = "m"});
  flags.push_back({.name = "quiet", .short_name = "q", .takes_value = false});
  flags.push_back({.name = "help", .short_name = "h", .takes_value = false});
  flags.push_back({.name = "verbose", .short_name = "v", .takes_value = false});
  flags.push_back(plain_flag("debug"));
  const Arguments arguments(words, flags, command.flags_first);
  if (arguments.has("help")) {
    print_help(program, command);
    return 0;
  }
  SessionOptions options{.quiet = arguments.has("quiet") || program.is_juju(),
                         .as_juju = program.is_juju(),
                         .makes_model = true};
  if (program.is_juju()) {
    options.model = current_model();
  }
  if (const char* name = std::getenv("REHEARSAL_MODEL"); name != nullptr) {
    options.model = name;
  }
  if (const auto reference = arguments.value("model")) {
    options.model = model_named(*reference);
    options.makes_model = command.makes_model && !program.is_juju();
  }
  return command.run(options, arguments);
}

/// Global options may precede the command.
int dispatch(const Program& program, std::vector<std::string> words) {
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
    return help(program,
                words.empty() ? words : std::vector<std::string>(words.begin() + 1, words.end()));
  }
  const Command& command = need_command(program, words.front());
  before.insert(before.end(), words.begin() + 1, words.end());
  return run(program, command, before);
}

}  // namespace

void print_value(const nlohmann::json& value, const std::string& format) {
  if (format != "json" && format != "yaml") {
    throw tools::usage_error("invalid value \"" + format +
                             "\" for option --format: unknown format \"" + format + "\"");
  }
  std::cout << (format == "json" ? go_json(value) + "\n" : json_to_yaml(value));
}

void report_ignored(const Arguments& arguments, const std::vector<std::string_view>& flags) {
  for (const std::string_view flag : flags) {
    if (arguments.has(flag)) {
      std::cerr << "The rehearsal ignores " << arguments.spelling(flag) << "." << std::endl;
    }
  }
}

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
    const bool is_juju = argc > 0 && std::filesystem::path(argv[0]).filename() == "juju";
    return rehearsal::commands::dispatch({.name = is_juju ? "juju" : "rehearse"},
                                         {argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const rehearsal::tools::ToolError& error) {
    std::cerr << "ERROR " << error.what() << std::endl;
    return error.exit_code();
  } catch (const std::exception& error) {
    std::cerr << "ERROR " << error.what() << std::endl;
    return 1;
  }
}
