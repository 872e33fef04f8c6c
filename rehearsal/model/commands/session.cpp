// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/session.hpp"

#include "rehearsal/model/local_machine.hpp"
#include "rehearsal/pods/cluster.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>
#include <vector>

namespace rehearsal::commands {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void tell(const DispatchRecord& record) {
  std::array<char, 64> duration{};
  static_cast<void>(
      std::snprintf(duration.data(), duration.size(), "(%.0f ms)", record.wall_milliseconds));
  const std::string outcome = record.ok() ? "ok" : record.outcome + ": " + record.error;
  std::cerr << record.unit << ": " << event_name(record.event) << " … " << outcome << " "
            << duration.data() << std::endl;
}

/// Returns the folders in a variable, then the program's own.
std::vector<fs::path> search_path(const char* variable, const std::string& folder) {
  std::vector<fs::path> directories;
  if (const char* given = std::getenv(variable); given != nullptr) {
    std::istringstream list(given);
    for (std::string directory; std::getline(list, directory, ':');) {
      directories.emplace_back(directory);
    }
  }
  directories.push_back(program_directory() / folder);
  directories.push_back(program_directory().parent_path() / folder);
  return directories;
}

/// Checked before the store makes the folder.
fs::path directory_of(const SessionOptions& options) {
  if (options.makes_model) {
    check_model_name(options.model);
  } else {
    require_model(options.model);
  }
  return models_directory() / options.model;
}

}  // namespace

Session::Session(const SessionOptions& options)
    : as_juju_(options.as_juju),
      store_(directory_of(options)),
      model_(store_.load(options.model)),
      machine_(make_machine(options.model)),
      journal_(make_journal(options.quiet)),
      controller_(model_, *machine_, journal_, make_files()) {
  let_time_pass();
}

void Session::let_time_pass() {
  const Millis now = wall_clock();
  if (as_juju_ && model_.looked_at > 0 && now > model_.looked_at) {
    // In one step: an event that was due several times runs once.
    model_.now += now - model_.looked_at;
  }
}

void Session::save() {
  if (as_juju_) {
    model_.looked_at = wall_clock();
  }
  store_.save(model_);
}

void Session::settle() {
  save();
  controller_.settle();
  save();
}

Journal Session::make_journal(bool quiet) {
  return {
      .log = [this](const LogLine& line) { store_.append_log(line); },
      .end =
          [this, quiet](const DispatchRecord& record) {
            store_.append_record(record);
            if (!quiet) {
              tell(record);
            }
          },
      .save = [this] { save(); },
  };
}

ControllerFiles Session::make_files() const {
  return {
      .hook_tool = program_directory() / "rehearsal-hook-tool",
      .charm = [this](const std::string& app,
                      int revision) { return store_.charm_directory(app, revision); },
      .image = find_image,
      .all_names = [this](const HostNames& own) { return publish_to_neighbours(model_.name, own); },
  };
}

std::string model_named(const std::string& reference) {
  const std::size_t colon = reference.find(':');
  if (colon != std::string::npos && reference.substr(0, colon) != controller_name) {
    throw UserError("controller " + reference.substr(0, colon) + " not found");
  }
  std::string name = colon == std::string::npos ? reference : reference.substr(colon + 1);
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos && name.substr(0, slash) == user_name) {
    name.erase(0, slash + 1);
  }
  return name;
}

bool has_model(const std::string& name) {
  return fs::exists(models_directory() / name / "model.json");
}

void require_model(const std::string& name) {
  // A name with a slash is one of a different user: there is none.
  if (name.find('/') != std::string::npos || !has_model(name)) {
    throw UserError("model " + std::string(controller_name) + ":" +
                    (name.find('/') == std::string::npos ? std::string(user_name) + "/" : "") +
                    name + " not found");
  }
}

void check_model_name(const std::string& name) {
  if (name.empty() || name.front() == '-' ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
    throw UserError("\"" + name +
                    "\" is not a valid name: model names may only contain lowercase letters, "
                    "digits and hyphens");
  }
}

fs::path find_image(const Application& app, const std::string& container) {
  const auto meta = app.charm.containers.find(container);
  if (meta != app.charm.containers.end()) {
    const auto given = app.resources.find(meta->second.resource);
    if (given != app.resources.end() && fs::is_directory(given->second)) {
      return given->second;
    }
  }
  for (const fs::path& directory : search_path("REHEARSAL_IMAGES", "images")) {
    fs::path image = directory / app.charm.name / container;
    if (fs::is_directory(image)) {
      return image;
    }
  }
  return {};
}

std::string current_model() {
  std::ifstream file(models_directory() / "current");
  std::string name;
  return std::getline(file, name) && has_model(name) ? name : SessionOptions().model;
}

void choose_model(const std::string& name) {
  std::ofstream(models_directory() / "current") << name << "\n";
}

fs::path program_directory() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path find_partner_charm(const std::string& name) {
  for (const fs::path& directory : search_path("REHEARSAL_CHARMS", "charms")) {
    if (fs::exists(directory / name / "metadata.yaml")) {
      return directory / name;
    }
  }
  return {};
}

std::vector<std::string> all_models() {
  std::vector<std::string> names;
  if (fs::exists(models_directory())) {
    for (const auto& entry : fs::directory_iterator(models_directory())) {
      if (const std::string name = entry.path().filename(); has_model(name)) {
        names.push_back(name);
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::unique_ptr<Machine> make_machine(const std::string& model) {
  const fs::path directory = Store::machine_directory(models_directory() / model);
  const char* kind = std::getenv("REHEARSAL_MACHINE");
  if (kind != nullptr && std::string_view(kind) == "local") {
    return std::make_unique<LocalMachine>(directory);
  }
  std::vector<fs::path> neighbours;
  for (const std::string& other : all_models()) {
    if (other != model) {
      neighbours.push_back(Store::machine_directory(models_directory() / other));
    }
  }
  return std::make_unique<Cluster>(directory, model, find_programs(program_directory()), neighbours,
                                   models_directory() / ".network");
}

HostNames publish_to_neighbours(const std::string& model, const HostNames& own) {
  // Held to the end, so that no model overwrites the newer names of a different one.
  const FileLock lock(models_directory() / ".names");
  if (has_model(model)) {
    std::ofstream(models_directory() / model / "names.json") << Json(own);
  }
  std::vector<std::string> running;
  HostNames all;
  for (const std::string& other : all_models()) {
    std::ifstream names(models_directory() / other / "names.json");
    const Json json = Json::parse(names, nullptr, false);
    if (json.is_object()) {
      all.merge(json.get<HostNames>());
      running.push_back(other);
    }
  }
  for (const std::string& other : running) {
    if (other != model) {
      make_machine(other)->set_names(all);
    }
  }
  return all;
}

}  // namespace rehearsal::commands
