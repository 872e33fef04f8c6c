// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/commands/session.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/tools/arguments.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::commands {

using tools::Arguments;
using tools::Flag;

/// One command of `rehearse`.
struct Command {
  std::string_view name;
  std::string_view usage;         ///< Its arguments.
  std::string_view summary;       ///< One line.
  std::string_view details = {};  ///< For `rehearse help NAME`.
  std::vector<Flag> flags = {};
  /// Returns the exit code. The session options include the options of every command (-m, -q).
  int (*run)(const SessionOptions&, const Arguments&) = nullptr;
  std::string_view alias = {};
  bool is_own = false;       ///< Juju has no such command.
  bool flags_first = false;  ///< The first argument that is not an option ends the options.
  bool makes_model = false;  ///< `rehearse` makes the model that --model names.
};

/// Each function returns one group of commands.
[[nodiscard]] std::vector<Command> deploy_commands();
[[nodiscard]] std::vector<Command> removal_commands();
[[nodiscard]] std::vector<Command> relation_commands();
[[nodiscard]] std::vector<Command> config_commands();
[[nodiscard]] std::vector<Command> action_commands();
[[nodiscard]] std::vector<Command> status_commands();
[[nodiscard]] std::vector<Command> log_commands();
[[nodiscard]] std::vector<Command> time_commands();
[[nodiscard]] std::vector<Command> churn_commands();
[[nodiscard]] std::vector<Command> execution_commands();
[[nodiscard]] std::vector<Command> model_commands();
[[nodiscard]] std::vector<Command> model_option_commands();
[[nodiscard]] std::vector<Command> secret_commands();
[[nodiscard]] std::vector<Command> scale_commands();

/// What the rehearsal has or lacks, such as `has no clouds`, so that a command of Juju is not
/// available. Empty for any other word.
[[nodiscard]] std::string reason_for_absence(const std::string& command);

/// Prints a value as JSON or YAML; throws ToolError (2) for any other format.
void print_value(const nlohmann::json& value, const std::string& format);
/// Says on standard error which of these options were given and change nothing here.
void report_ignored(const Arguments& arguments, const std::vector<std::string_view>& flags);

/// An option without a value.
[[nodiscard]] constexpr Flag plain_flag(std::string_view name) {
  return {.name = name, .short_name = {}, .takes_value = false};
}

/// Returns the positional argument. Throws ToolError (2) that names a missing one.
[[nodiscard]] std::string required(const Arguments& arguments, std::size_t index,
                                   std::string_view what);
/// `juju exec`: runs commands in the hook context of units.
int exec_in_hook_context(const SessionOptions& options, const Arguments& arguments);
/// Returns the unit that `UNIT` or `APPLICATION/leader` names. Throws UserError with Juju's
/// message.
[[nodiscard]] std::string unit_meant(const Model& model, const std::string& word);
/// Splits `key=value`. Throws ToolError (2) for any other form.
[[nodiscard]] std::pair<std::string, std::string> key_and_value(const std::string& text);
/// Throws UserError if the word is neither `UNIT` nor `APPLICATION/leader`.
void check_unit_name(const std::string& word);
/// Reads a duration such as 90s. Throws ToolError (2).
[[nodiscard]] Millis duration_of(const std::string& text);
/// Reads a whole number of at least `least`. Throws ToolError (2).
[[nodiscard]] int whole_number(const std::string& text, int least);

/// Sets an option from `key=value` or `key=@file`, or options from a named YAML file. Throws
/// UserError for an unknown option or a value of the wrong type.
void set_config(Application& app, const std::string& setting);
/// Sets every option of a YAML file, which has them at its top or under the application's name.
void set_config_file(Application& app, const std::string& path);
/// Restores the charm's default.
void reset_config(Application& app, const std::string& key);

/// Sets an option of the model. As Juju does, keeps one that it does not know.
void set_model_option(Model& model, const std::string& key, const std::string& value);

/// Adds or removes units. The highest numbers are removed first.
void scale_application(Model& model, const std::string& app, int count);

/// Returns the parts of `a,b`.
[[nodiscard]] std::vector<std::string> comma_separated(const std::string& text);
/// Returns the whole content; throws UserError.
[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace rehearsal::commands
