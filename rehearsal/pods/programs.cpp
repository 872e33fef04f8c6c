// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/programs.hpp"

#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/machine.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> search_path() {
  const char* variable = std::getenv("PATH");
  std::istringstream entries(variable == nullptr ? "" : variable);
  std::vector<fs::path> folders;
  for (std::string entry; std::getline(entries, entry, ':');) {
    if (!entry.empty()) {
      folders.emplace_back(entry);
    }
  }
  folders.emplace_back("/usr/sbin");
  folders.emplace_back("/sbin");
  return folders;
}

bool executable(const fs::path& file) {
  return fs::is_regular_file(file) && access(file.c_str(), X_OK) == 0;
}

std::optional<fs::path> find_in(const std::vector<fs::path>& folders, const std::string& name) {
  for (const fs::path& folder : folders) {
    std::error_code missing;
    fs::path file = fs::canonical(folder / name, missing);
    if (!missing && executable(file)) {
      return file;
    }
  }
  return std::nullopt;
}

fs::path find_one_of(const std::vector<std::string>& names, const std::vector<fs::path>& folders) {
  for (const std::string& name : names) {
    if (const std::optional<fs::path> file = find_program(name, folders)) {
      return *file;
    }
  }
  throw MachineError("program " + names.back() + " not found: run `make rehearsal`");
}

struct Candidate {
  std::size_t place = 0;
  fs::path file = {};
};

/// Returns the first existing program of a list, or the one at this position.
std::optional<Candidate> first_of(const std::vector<std::string>& names,
                                  const std::vector<fs::path>& folders,
                                  std::optional<std::size_t> place = std::nullopt) {
  const std::size_t first = place.value_or(0);
  const std::size_t last = place ? *place + 1 : names.size();
  for (std::size_t i = first; i < std::min(last, names.size()); ++i) {
    if (const std::optional<fs::path> file = find_program(names[i], folders)) {
      return Candidate{.place = i, .file = *file};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name,
                                     const std::vector<fs::path>& directories) {
  if (name.find('/') != std::string::npos) {
    return executable(name) ? std::optional(fs::canonical(name)) : std::nullopt;
  }
  if (std::optional<fs::path> file = find_in(search_path(), name)) {
    return file;
  }
  return find_in(directories, name);
}

std::vector<fs::path> libraries_of(const fs::path& program) {
  // `libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)`, or a path alone for the loader.
  static const std::regex library(R"(\s*(?:\S+ => )?(/\S+) \(0x[0-9a-f]+\))");
  std::vector<fs::path> libraries;
  const ExecutionResult result =
      pods::run_here({.argv = {"ldd", program.string()},
                      .environment = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}},
                      .directory = "/",
                      .on_line = [&libraries](bool, const std::string& line) {
                        std::smatch match;
                        if (std::regex_match(line, match, library)) {
                          libraries.emplace_back(match[1].str());
                        }
                      }});
  constexpr int cannot_execute = 127;
  if (result.exit_code == cannot_execute) {
    throw MachineError("ldd is not on PATH: install the package libc-bin");
  }
  return libraries;
}

bool is_loader(const fs::path& library) {
  return library.filename().string().starts_with("ld-linux") ||
         library.filename().string().starts_with("ld64");
}

ClusterPrograms find_programs(const fs::path& directory) {
  const std::vector<fs::path> folders = {directory, directory / "../pebble",
                                         directory / "../keyserver", directory / "../loki",
                                         directory / "../pods"};
  return {.pebble = find_one_of({"pebble", "rehearsal-pebble"}, folders),
          .pause = find_one_of({"rehearsal-pause"}, folders),
          .directories = folders};
}

std::map<std::string, fs::path> image_programs(const fs::path& image,
                                               const std::vector<fs::path>& directories) {
  std::ifstream file(image / "rehearsal-image.json");
  if (!file) {
    return {};
  }
  const auto description = nlohmann::json::parse(file, nullptr, false);
  const auto candidates =
      description.is_object() ? description.value("programs", nlohmann::json()) : nlohmann::json();
  const std::string leader = candidates.is_object() ? description.value("leader", "") : "";
  if (!candidates.is_object() || (!leader.empty() && !candidates.contains(leader))) {
    throw MachineError((image / "rehearsal-image.json").string() +
                       " has no valid list of programs");
  }
  std::optional<std::size_t> place;
  if (!leader.empty()) {
    const auto found = first_of(candidates.at(leader), directories);
    place = found ? found->place : 0;
  }
  std::map<std::string, fs::path> programs;
  for (const auto& [path, names] : candidates.items()) {
    if (const auto program = first_of(names, directories, place)) {
      programs.emplace(path, program->file);
    }
  }
  return programs;
}

}  // namespace rehearsal
