// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/hook_tools.hpp"

#include "charm/domain/text.hpp"
#include "charm/json/json_text.hpp"
#include "hook_answers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace charm::juju {
namespace {

constexpr std::string_view secret_file_prefix = "hockeypuck-k8s-secret.";

/// Juju starts a hook in the charm's directory. It is for containers in which /tmp is read-only.
std::array<std::filesystem::path, 2> directories_of_secret_files() {
  std::error_code error;  // Then the second path is empty, and only /tmp is used.
  return {"/tmp", std::filesystem::current_path(error)};
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [text](std::string_view phrase) {
    return text.find(phrase) != std::string_view::npos;
  });
}

/// The tools refuse with 1 (at run time) or 2 (wrong arguments, including an unknown relation).
bool is_refusal(int exit_code) {
  return exit_code == 1 || exit_code == 2;
}

/// Linux accepts 131,071 bytes in one argument. The rest is for text that the tool puts before it.
constexpr std::size_t argument_limit = 100'000;

/// Returns the tool's error message: one line of limited length, without Juju's prefix.
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

std::string run(CommandRunner& runner, const std::vector<std::string>& argv,
                std::string_view input = {}) {
  const std::string& tool = argv.front();
  for (const std::string& argument : argv) {
    check_argument(tool, argument);
  }
  CommandResult result = runner.run(argv, input);
  if (result.exit_code != 0) {
    throw HookToolError(tool, result.exit_code, reason(result));
  }
  return std::move(result.out);
}

/// Passes the answer to `read`, which throws if it has the wrong shape.
template <typename Read>
auto shaped(const std::string& tool, const std::string& answer, Read read) {
  try {
    return read(answer);
  } catch (const answers::WrongShape& fault) {
    throw HookToolError(tool, 0, fault.what());
  }
}

/// Runs a tool that prints JSON.
template <typename Read>
auto ask(CommandRunner& runner, std::vector<std::string> argv, Read read) {
  argv.insert(argv.begin() + 1, "--format=json");
  return shaped(argv.front(), run(runner, argv), read);
}

/// Juju 3's rule for each part of an action's result key between the dots.
bool is_result_key(std::string_view key) {
  return !key.empty() && is_lower_alphanumeric(key.front()) && is_lower_alphanumeric(key.back()) &&
         std::all_of(key.begin(), key.end(),
                     [](char byte) { return byte == '-' || is_lower_alphanumeric(byte); });
}

std::string port_argument(int port) {
  return std::to_string(port) + "/tcp";
}

/// A file with the content of a secret for Juju. The agent reads it, not the hook tool, so standard
/// input cannot be used. Every process of the pod could read an argument. Only this process can
/// read the file (mode 0600), and the destructor removes it. If the process is killed, a later one
/// removes it: remove_abandoned_secret_files().
class ContentFile {
 public:
  /// Throws std::system_error if the file cannot be written.
  explicit ContentFile(const Databag& content) {
    const std::string text = json_text(nlohmann::json(content));  // JSON is YAML.
    const int file = make();
    if (file < 0) {
      throw std::system_error(errno, std::generic_category(), path_);
    }
    const ssize_t written = write(file, text.data(), text.size());
    const int reason = errno;
    close(file);
    if (written != static_cast<ssize_t>(text.size())) {
      unlink(path_.c_str());
      throw std::system_error(written < 0 ? reason : ENOSPC, std::generic_category(), path_);
    }
  }

  ContentFile(const ContentFile&) = delete;
  ContentFile& operator=(const ContentFile&) = delete;

  ~ContentFile() { unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  int make() {
    for (const std::filesystem::path& directory : directories_of_secret_files()) {
      path_ = (directory / secret_file_prefix).string() + "XXXXXX";
      if (const int file = mkstemp(path_.data()); file >= 0) {
        return file;
      }
    }
    return -1;
  }

  std::string path_;
};

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Returns the last position at or before `limit` that is not inside a UTF-8 character. Text that
/// is not UTF-8 is cut at the limit.
std::size_t character_boundary(std::string_view text, std::size_t limit) {
  for (std::size_t back = 0; back < 4; ++back) {
    if (!continues_character(text[limit - back])) {
      return limit - back;
    }
  }
  return limit;
}

/// Cuts a text into pieces of at most `limit` bytes (at least 4). Cuts at newlines, which are
/// dropped. Cuts inside a line only if it is too long, and never inside a UTF-8 character.
std::vector<std::string_view> message_pieces(std::string_view text, std::size_t limit) {
  std::vector<std::string_view> pieces;
  while (text.size() > limit) {
    const auto line_end = text.rfind('\n', limit);
    const bool at_line = line_end != std::string_view::npos && line_end > 0;
    const auto cut = at_line ? line_end : character_boundary(text, limit);
    pieces.push_back(text.substr(0, cut));
    text.remove_prefix(at_line ? cut + 1 : cut);
  }
  if (!text.empty()) {
    pieces.push_back(text);
  }
  return pieces;
}

}  // namespace

HookToolError::HookToolError(const std::string& tool, int exit_code, const std::string& message)
    : Error(tool + ": " + message + " (exit code " + std::to_string(exit_code) + ")"),
      // A refused secret-add is a fault of the secret backend: nothing that it needs can vanish.
      vanished_(is_refusal(exit_code) && tool != "secret-add" &&
                (has_any(message, {"not found", "permission denied", "cannot access"}) ||
                 (tool == "secret-get" && has_any(message, {"not valid"})))),
      not_leader_(is_refusal(exit_code) &&
                  has_any(message, {"not the leader", "cannot write relation settings"})) {}

void remove_abandoned_secret_files() {
  namespace fs = std::filesystem;
  // No hook tool runs longer than ten seconds.
  const auto newest = fs::file_time_type::clock::now() - std::chrono::minutes(1);
  std::error_code error;  // A later dispatch tries again.
  for (const fs::path& directory : directories_of_secret_files()) {
    for (fs::directory_iterator entry(directory, error), end; entry != end;
         entry.increment(error)) {
      if (entry->path().filename().native().starts_with(secret_file_prefix) &&
          entry->last_write_time(error) < newest) {
        fs::remove(entry->path(), error);
      }
    }
  }
}

HookTools::HookTools(CommandRunner& runner) : runner_(&runner) {}

std::map<std::string, ConfigValue> HookTools::config_get() const {
  return ask(*runner_, {"config-get"}, answers::config);
}

bool HookTools::is_leader() const {
  return ask(*runner_, {"is-leader"}, answers::boolean);
}

std::vector<int> HookTools::relation_ids(std::string_view endpoint) const {
  return ask(*runner_, {"relation-ids", std::string(endpoint)}, answers::relation_ids);
}

std::vector<std::string> HookTools::relation_list(int relation) const {
  return ask(*runner_, {"relation-list", "-r", std::to_string(relation)}, answers::strings);
}

std::string HookTools::relation_app(int relation) const {
  return ask(*runner_, {"relation-list", "-r", std::to_string(relation), "--app"}, answers::string);
}

Databag HookTools::relation_get(int relation, std::string_view member, Scope scope) const {
  std::vector<std::string> argv = {"relation-get", "-r", std::to_string(relation)};
  if (scope == Scope::app) {
    argv.emplace_back("--app");
  }
  argv.emplace_back("-");
  argv.emplace_back(member);
  return ask(*runner_, argv, answers::databag);
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
  run(*runner_, argv, json_text(nlohmann::json(changes)));
}

Databag HookTools::secret_get(std::string_view uri) const {
  // The URI comes from another application, so it must not be read as a flag.
  return ask(*runner_, {"secret-get", "--refresh", "--", std::string(uri)}, answers::databag);
}

std::string HookTools::secret_add(const Databag& content, std::string_view label) const {
  const ContentFile file(content);
  std::vector<std::string> argv = {"secret-add", "--owner", "application", "--file", file.path()};
  if (!label.empty()) {
    argv.insert(argv.end(), {"--label", std::string(label)});
  }
  const std::string uri = run(*runner_, argv);
  return uri.substr(0, uri.find('\n'));
}

void HookTools::secret_set(std::string_view uri, const Databag& content) const {
  const ContentFile file(content);
  run(*runner_, {"secret-set", std::string(uri), "--file", file.path()});
}

void HookTools::secret_grant(std::string_view uri, int relation) const {
  run(*runner_, {"secret-grant", std::string(uri), "-r", std::to_string(relation)});
}

void HookTools::secret_remove(std::string_view uri) const {
  run(*runner_, {"secret-remove", std::string(uri)});
}

void HookTools::secret_remove(std::string_view uri, int revision) const {
  run(*runner_, {"secret-remove", std::string(uri), "--revision", std::to_string(revision)});
}

std::string HookTools::state_get(std::string_view key) const {
  std::string value = run(*runner_, {"state-get", std::string(key)});
  if (value.ends_with('\n')) {
    value.pop_back();
  }
  return value;
}

void HookTools::state_set(const Databag& changes) const {
  run(*runner_, {"state-set", "--file", "-"}, json_text(nlohmann::json(changes)));
}

std::set<int> HookTools::opened_ports() const {
  return ask(*runner_, {"opened-ports"}, answers::tcp_ports);
}

void HookTools::open_port(int port) const {
  run(*runner_, {"open-port", port_argument(port)});
}

void HookTools::close_port(int port) const {
  run(*runner_, {"close-port", port_argument(port)});
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
  run(*runner_, argv);
}

void HookTools::application_version_set(std::string_view version) const {
  run(*runner_, {"application-version-set", "--", std::string(version)});
}

void HookTools::log(std::string_view level, std::string_view message) const {
  for (const std::string_view piece : message_pieces(message, argument_limit)) {
    run(*runner_, {"juju-log", "-l", std::string(level), "--", std::string(piece)});
  }
}

std::string HookTools::action_get_json() const {
  return ask(*runner_, {"action-get"}, answers::object);
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
  run(*runner_, argv);
}

void HookTools::action_log(std::string_view message) const {
  run(*runner_, {"action-log", "--", std::string(message)});
}

void HookTools::action_fail(std::string_view message) const {
  run(*runner_, {"action-fail", "--", std::string(message)});
}

}  // namespace charm::juju
