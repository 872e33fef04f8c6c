// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/hook_tools.hpp"

#include "charm/json/json_text.hpp"
#include "content_file.hpp"
#include "hook_answers.hpp"
#include "message_pieces.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace charm::juju {
namespace {

/// Linux takes 131,071 bytes in one argument; the rest is for whatever the tool puts before it.
constexpr std::size_t argument_limit = 100'000;

/// Returns the tool's own words: one line, without Juju's prefix, not endless.
std::string reason(const CommandResult& result) {
  constexpr std::size_t limit = 1000;
  std::string text = result.err.substr(0, limit);
  text.erase(text.find_last_not_of(" \n\r\t") + 1);
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.starts_with("ERROR ")) {
    text.erase(0, 6);
  }
  return text.empty() ? "failed without a reason" : text;
}

void check_argument(const std::string& tool, const std::string& argument) {
  if (argument.size() > argument_limit) {
    throw Error(tool + ": an argument of " + std::to_string(argument.size()) +
                " bytes is more than the " + std::to_string(argument_limit) + " that fit");
  }
  if (argument.find('\0') != std::string::npos) {
    throw Error(tool + ": an argument has a NUL byte");
  }
}

/// Hands the answer to `read`, which may find it misshapen.
template <typename Read>
auto shaped(const std::string& tool, const std::string& answer, Read read) {
  try {
    return read(answer);
  } catch (const answers::WrongShape& fault) {
    throw HookToolError(tool, 0, fault.what());
  }
}

bool is_lower_alphanumeric(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/// Juju 3's rule for each part of an action's result key, without its dots.
bool is_result_key(std::string_view key) {
  return !key.empty() && is_lower_alphanumeric(key.front()) && is_lower_alphanumeric(key.back()) &&
         std::all_of(key.begin(), key.end(),
                     [](char byte) { return byte == '-' || is_lower_alphanumeric(byte); });
}

std::string port_argument(int port) {
  return std::to_string(port) + "/tcp";
}

}  // namespace

HookTools::HookTools(CommandRunner& runner) : runner_(&runner) {}

std::string HookTools::run(const std::vector<std::string>& argv, std::string_view input) const {
  const std::string& tool = argv.front();
  for (const std::string& argument : argv) {
    check_argument(tool, argument);
  }
  CommandResult result = runner_->run(argv, input);
  if (result.exit_code != 0) {
    throw HookToolError(tool, result.exit_code, reason(result));
  }
  return std::move(result.out);
}

std::map<std::string, ConfigValue> HookTools::config_get() const {
  return shaped("config-get", run({"config-get", "--format=json"}), answers::config);
}

bool HookTools::is_leader() const {
  return shaped("is-leader", run({"is-leader", "--format=json"}), answers::boolean);
}

std::vector<int> HookTools::relation_ids(std::string_view endpoint) const {
  return shaped("relation-ids", run({"relation-ids", "--format=json", std::string(endpoint)}),
                answers::relation_ids);
}

std::vector<std::string> HookTools::relation_list(int relation) const {
  return shaped("relation-list",
                run({"relation-list", "--format=json", "-r", std::to_string(relation)}),
                answers::strings);
}

std::string HookTools::relation_app(int relation) const {
  return shaped("relation-list",
                run({"relation-list", "--format=json", "-r", std::to_string(relation), "--app"}),
                answers::string);
}

Databag HookTools::relation_get(int relation, std::string_view member, Scope scope) const {
  std::vector<std::string> argv = {"relation-get", "--format=json", "-r", std::to_string(relation)};
  if (scope == Scope::app) {
    argv.emplace_back("--app");
  }
  argv.emplace_back("-");
  argv.emplace_back(member);
  return shaped("relation-get", run(argv), answers::databag);
}

void HookTools::relation_set(int relation, Scope scope, const Databag& changes) const {
  if (changes.empty()) {
    return;
  }
  std::vector<std::string> argv = {"relation-set", "-r", std::to_string(relation)};
  if (scope == Scope::app) {
    argv.emplace_back("--app");
  }
  argv.emplace_back("--file");
  argv.emplace_back("-");
  run(argv, json_text(nlohmann::json(changes)));
}

Databag HookTools::secret_get(std::string_view uri) const {
  // The URI comes from another application: it must not be taken for a flag.
  return shaped("secret-get",
                run({"secret-get", "--format=json", "--refresh", "--", std::string(uri)}),
                answers::databag);
}

std::optional<Databag> HookTools::own_secret(std::string_view label) const {
  try {
    return shaped("secret-get",
                  run({"secret-get", "--format=json", "--refresh", "--label", std::string(label)}),
                  answers::databag);
  } catch (const HookToolError& error) {
    if (!error.vanished()) {
      throw;
    }
    return std::nullopt;
  }
}

std::string HookTools::secret_add(const Databag& content, std::string_view label) const {
  const ContentFile file(content);
  std::vector<std::string> argv = {"secret-add", "--owner", "application", "--file", file.path()};
  if (!label.empty()) {
    argv.insert(argv.end(), {"--label", std::string(label)});
  }
  const std::string uri = run(argv);
  return uri.substr(0, uri.find('\n'));
}

void HookTools::secret_set(std::string_view uri, const Databag& content) const {
  const ContentFile file(content);
  run({"secret-set", std::string(uri), "--file", file.path()});
}

void HookTools::secret_grant(std::string_view uri, int relation) const {
  run({"secret-grant", std::string(uri), "-r", std::to_string(relation)});
}

void HookTools::secret_remove(std::string_view uri) const {
  run({"secret-remove", std::string(uri)});
}

void HookTools::secret_remove(std::string_view uri, int revision) const {
  run({"secret-remove", std::string(uri), "--revision", std::to_string(revision)});
}

Databag HookTools::state_get() const {
  return shaped("state-get", run({"state-get", "--format=json"}), answers::databag);
}

void HookTools::state_set(const Databag& changes) const {
  run({"state-set", "--file", "-"}, json_text(nlohmann::json(changes)));
}

std::set<int> HookTools::opened_ports() const {
  return shaped("opened-ports", run({"opened-ports", "--format=json"}), answers::tcp_ports);
}

void HookTools::open_port(int port) const {
  run({"open-port", port_argument(port)});
}

void HookTools::close_port(int port) const {
  run({"close-port", port_argument(port)});
}

std::string HookTools::bind_address(std::string_view binding) const {
  const CommandResult result =
      runner_->run({"network-get", "--format=json", std::string(binding)}, {});
  if (result.exit_code == 1 && result.err.find("no network config found") != std::string::npos) {
    return {};
  }
  if (result.exit_code != 0) {
    throw HookToolError("network-get", result.exit_code, reason(result));
  }
  return shaped("network-get", result.out, answers::bind_address);
}

void HookTools::status_set(Scope scope, const Status& status) const {
  std::vector<std::string> argv = {"status-set"};
  if (scope == Scope::app) {
    argv.emplace_back("--application");
  }
  argv.emplace_back("--");
  argv.emplace_back(to_string(status.kind));
  argv.push_back(status.message);
  run(argv);
}

void HookTools::application_version_set(std::string_view version) const {
  run({"application-version-set", "--", std::string(version)});
}

void HookTools::log(std::string_view level, std::string_view message) const {
  for (const std::string_view piece : message_pieces(message, argument_limit)) {
    run({"juju-log", "-l", std::string(level), "--", std::string(piece)});
  }
}

std::string HookTools::action_get_json() const {
  return shaped("action-get", run({"action-get", "--format=json"}), answers::object);
}

void HookTools::action_set(const std::map<std::string, std::string>& results) const {
  if (results.empty()) {
    return;
  }
  std::vector<std::string> argv = {"action-set"};
  for (const auto& [key, value] : results) {
    if (!is_result_key(key)) {
      throw Error("action-set: the key \"" + key + "\" must be lower-case letters, digits and -");
    }
    std::string argument = key;
    argument.append("=").append(value);
    argv.push_back(std::move(argument));
  }
  run(argv);
}

void HookTools::action_log(std::string_view message) const {
  run({"action-log", "--", std::string(message)});
}

void HookTools::action_fail(std::string_view message) const {
  run({"action-fail", "--", std::string(message)});
}

}  // namespace charm::juju
