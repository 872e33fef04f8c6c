// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsed_model.hpp"

#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <thread>

namespace test {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string model_name = "keys";
constexpr std::chrono::seconds command_limit(150);

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

int writes_in(const Json& calls) {
  int count = 0;
  for (const char* tool : {"relation-set", "open-port", "close-port", "application-version-set",
                           "state-set", "state-delete", "secret-add", "secret-set"}) {
    count += calls.value(tool, 0);
  }
  return count;
}

/// CHARM names another unpacked charm to test, such as the release.
std::string built_charm() {
  const char* other = std::getenv("CHARM");  // NOLINT(concurrency-mt-unsafe): one thread
  return other != nullptr ? other : BUILD_DIR "/charm";
}

/// HOCKEYPUCK_IMAGE names the image to test, such as ghcr.io/hockeypuck/hockeypuck:2.3.3. Tests
/// look into the container with procps and curl.
std::vector<std::string> image_to_test() {
  const char* image = std::getenv("HOCKEYPUCK_IMAGE");  // NOLINT(concurrency-mt-unsafe)
  return image == nullptr
             ? std::vector<std::string>()
             : std::vector{std::string("--resource"), std::string("hockeypuck-image=") + image};
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

constexpr std::chrono::seconds patience(30);
constexpr std::chrono::milliseconds between_looks(1);

fs::path folder_of(pid_t pid) {
  return fs::path("/proc") / std::to_string(pid);
}

std::vector<pid_t> processes() {
  std::vector<pid_t> pids;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      pids.push_back(std::stoi(name));
    }
  }
  return pids;
}

fs::path network_of(pid_t pid) {
  std::error_code gone;
  return fs::read_symlink(folder_of(pid) / "ns/net", gone);
}

/// Whether it has an environment variable, written `NAME=value`.
bool has(const std::string& environment, const std::string& variable) {
  return ('\0' + environment).find('\0' + variable + '\0') != std::string::npos;
}

/// Models of one seed have the same UUID: only the mounts of a pod name the folder of its model.
bool is_dispatch(pid_t pid, const fs::path& model_directory, const std::string& variable) {
  return file_text(folder_of(pid) / "comm") == "dispatch\n" &&
         has(file_text(folder_of(pid) / "environ"), variable) &&
         file_text(folder_of(pid) / "mountinfo").find(model_directory.filename()) !=
             std::string::npos;
}

}  // namespace

std::vector<std::string> as_yaml(std::vector<std::string> parameters) {
  static const std::regex typed("[0-9]{1,6}|true|false");
  for (std::string& parameter : parameters) {
    const std::size_t value_at = parameter.find('=') + 1;
    const std::string value = parameter.substr(value_at);
    if (!std::regex_match(value, typed)) {
      parameter.replace(value_at, std::string::npos, Json(value).dump());
    }
  }
  return parameters;
}

RehearsedModel::RehearsedModel(int seed) : directory_("e2e") {
  rehearse({"add-model", model_name, "--seed", std::to_string(seed)});
}

RehearsedModel::~RehearsedModel() {
  try {
    rehearse({"destroy-model", "--no-prompt"});
  } catch (const std::exception& error) {
    std::cerr << "the model could not be destroyed: " << error.what() << "\n";
  }
}

Command RehearsedModel::command(const std::vector<std::string>& arguments) const {
  return {
      .arguments = with({BUILD_DIR "/rehearsal/model/rehearse", "--model", model_name}, arguments),
      .environment = {"REHEARSAL_DIR=" + directory_.path().string(),
                      "XDG_CACHE_HOME=" + (directory_.path() / ".cache").string()}};
}

CommandResult RehearsedModel::attempt(const std::vector<std::string>& arguments) {
  return run(command(arguments), command_limit);
}

std::unique_ptr<ChildProcess> RehearsedModel::beside(const std::vector<std::string>& arguments) {
  return std::make_unique<ChildProcess>(command(arguments), directory_.path() / "beside.log");
}

std::string RehearsedModel::rehearse(const std::vector<std::string>& arguments) {
  const CommandResult result = attempt(arguments);
  if (result.status != 0) {
    throw std::runtime_error("rehearse " + joined(arguments) + " ended with " +
                             std::to_string(result.status) + ":\n" + result.output + result.error);
  }
  return result.output;
}

void RehearsedModel::deploy_postgresql(const std::vector<std::string>& more) {
  rehearse(with({"deploy", "postgresql-k8s"}, more));
}

void RehearsedModel::deploy_hockeypuck(const std::vector<std::string>& more) {
  rehearse(with(with({"deploy", built_charm()}, image_to_test()), more));
}

void RehearsedModel::integrate() {
  rehearse({"integrate", "hockeypuck-k8s", "postgresql-k8s"});
}

void RehearsedModel::deploy_all() {
  deploy_postgresql();
  deploy_hockeypuck();
  integrate();
  rehearse({"wait", "--for", "active", "--timeout", "120s"});
}

void RehearsedModel::update_status() {
  rehearse({"advance", "5m"});
}

ShownStatus RehearsedModel::status(const std::string& unit) {
  const Json json = Json::parse(rehearse({"status", "--format", "json"}));
  const std::string app = unit.substr(0, unit.find('/'));
  const Json& shown = json.at("applications").at(app).at("units").at(unit).at("workload-status");
  return {shown.at("current"), shown.value("message", "")};
}

bool RehearsedModel::becomes(const std::string& word, const std::string& message,
                             const std::string& app) {
  return attempt({"wait", app, "--for", word, "--message", message, "--timeout", "60s"}).status ==
         0;
}

Task RehearsedModel::act(const std::string& action, const std::vector<std::string>& parameters,
                         const std::string& unit) {
  const CommandResult ended =
      attempt(with({"run", "--format", "json", unit, action}, as_yaml(parameters)));
  const Json task = Json::parse(ended.output).begin().value();
  Task result{.failed = ended.status != 0, .message = task.value("message", ""), .results = {}};
  const Json results = task.value("results", Json::object());
  for (const auto& [key, value] : results.items()) {
    result.results[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return result;
}

void RehearsedModel::config(const std::vector<std::string>& settings) {
  rehearse(with({"config", "hockeypuck-k8s"}, settings));
}

std::string RehearsedModel::database_action(const std::string& action,
                                            const std::vector<std::string>& parameters) {
  return act(action, parameters, "postgresql-k8s/leader").result("rows");
}

std::string RehearsedModel::sql(const std::string& query) {
  return trimmed(database_action("sql", {"query=" + query}));
}

std::string RehearsedModel::keys_sql(const std::string& query) {
  return trimmed(database_action("sql", {"query=" + query, "database=hockeypuck-k8s"}));
}

CommandResult RehearsedModel::in_workload(const std::vector<std::string>& command,
                                          const std::string& unit) {
  return attempt(with({"exec", unit, "--container", "hockeypuck", "--"}, command));
}

std::string RehearsedModel::workload_output(const std::string& script, const std::string& unit) {
  return trimmed(in_workload({"sh", "-c", script}, unit).output);
}

std::filesystem::path RehearsedModel::storage() const {
  for (const auto& entry :
       fs::directory_iterator(directory_.path() / model_name / "machine" / "storage")) {
    if (entry.path().filename().string().starts_with("prefix-tree-")) {
      return entry.path();
    }
  }
  throw std::runtime_error("no unit of hockeypuck-k8s has its storage yet");
}

void RehearsedModel::write_to_storage(const std::string& name, const std::string& content) const {
  const std::filesystem::path path = storage() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

std::vector<std::string> RehearsedModel::read_from_storage(const std::string& folder,
                                                           const std::string& ending) const {
  std::vector<std::string> contents;
  for (const auto& entry : std::filesystem::directory_iterator(storage() / folder)) {
    if (entry.path().string().ends_with(ending)) {
      contents.push_back(file_text(entry.path()));
    }
  }
  return contents;
}

std::vector<Hook> RehearsedModel::hooks(const std::string& app) {
  std::vector<Hook> found;
  for (const Json& record : Json::parse(rehearse({"show-hooks", app, "--format", "json"}))) {
    found.push_back({.event = record.at("event"),
                     .outcome = record.at("outcome"),
                     .wall_milliseconds = record.at("wall-ms"),
                     .writes = writes_in(record.at("calls"))});
  }
  return found;
}

std::string RehearsedModel::debug_log() {
  return rehearse({"debug-log"});
}

Json RehearsedModel::kept() const {
  return Json::parse(file_text(directory_.path() / model_name / "model.json"));
}

std::string RehearsedModel::on_storage(const std::string& name) const {
  std::string content;
  std::error_code vanished;  // The keyserver changes its folders during the walk.
  fs::recursive_directory_iterator entry(directory_.path() / model_name / "machine" / "storage",
                                         fs::directory_options::skip_permission_denied, vanished);
  for (; !vanished && entry != fs::end(entry); entry.increment(vanished)) {
    if (entry->path().filename() == name) {
      content = file_text(entry->path());
    }
  }
  return content;
}

std::string RehearsedModel::forward(int port, const std::string& unit) {
  return trimmed(rehearse({"port-forward", "--detach", unit, "0:" + std::to_string(port)}));
}

bool PodProcess::wait_for_file(const std::string& path, const std::string& text) const {
  const fs::path network = network_of(pid_);
  for (fs::path now = network; !network.empty() && now == network; now = network_of(pid_)) {
    for (const pid_t pid : processes()) {
      if (network_of(pid) == network &&
          file_text(folder_of(pid) / "root" / path.substr(1)).find(text) != std::string::npos) {
        return true;
      }
    }
    std::this_thread::sleep_for(between_looks);
  }
  return false;
}

void PodProcess::kill() const {
  ::kill(pid_, SIGKILL);
}

PodProcess RehearsedModel::wait_for_dispatch(const std::string& variable) const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    for (const pid_t pid : processes()) {
      if (is_dispatch(pid, directory_.path(), variable)) {
        return PodProcess(pid);
      }
    }
    std::this_thread::sleep_for(between_looks);
  }
  throw std::runtime_error("there is no dispatch with " + variable);
}

}  // namespace test
