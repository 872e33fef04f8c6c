// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/session.hpp"

#include "rehearsal/model/local_machine.hpp"
#include "rehearsal/pods/cluster.hpp"

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

void tell(const DispatchRecord& record) {
  std::array<char, 64> duration{};
  static_cast<void>(
      std::snprintf(duration.data(), duration.size(), "(%.0f ms)", record.wall_milliseconds));
  const std::string outcome = record.ok() ? "ok" : record.outcome + ": " + record.error;
  std::cerr << record.unit << ": " << event_name(record.event) << " … " << outcome << " "
            << duration.data() << std::endl;
}

/// The folders named in a variable, then those that come with the program.
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

}  // namespace

Session::Session(const SessionOptions& options)
    : store_(models_directory() / options.model),
      model_(store_.load(options.model)),
      machine_(make_machine(store_.machine_directory(), options.model)),
      journal_(make_journal(options.quiet)),
      controller_(model_, *machine_, journal_, make_files()) {}

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
  };
}

std::string current_model() {
  std::ifstream file(models_directory() / "current");
  std::string name;
  return std::getline(file, name) && fs::exists(models_directory() / name / "model.json")
             ? name
             : SessionOptions().model;
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

std::unique_ptr<Machine> make_machine(const std::filesystem::path& directory,
                                      const std::string& model) {
  const char* kind = std::getenv("REHEARSAL_MACHINE");
  if (kind != nullptr && std::string_view(kind) == "local") {
    return std::make_unique<LocalMachine>(directory);
  }
  return std::make_unique<Cluster>(directory, model, find_programs(program_directory()));
}

}  // namespace rehearsal::commands
