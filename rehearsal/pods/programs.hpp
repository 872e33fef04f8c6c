// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal {

/// The programs that pods need.
struct ClusterPrograms {
  std::filesystem::path pebble;  ///< PID 1 of workload containers.
  std::filesystem::path pause;   ///< PID 1 of the model's node and of charm containers.
  /// Folders of image programs that are not on PATH, in order of search.
  std::vector<std::filesystem::path> directories;

  bool operator==(const ClusterPrograms&) const = default;
};

/// Finds the programs: `pebble` on PATH, else the rehearsal's own `rehearsal-pebble`. The
/// rehearsal's own programs are in `directory` or, in a build tree, in the folders next to it
/// (`directory/../pebble`, `../keyserver`, `../loki`, `../pods`). Throws MachineError that names
/// the missing programs.
[[nodiscard]] ClusterPrograms find_programs(const std::filesystem::path& directory);

/// Finds an executable. A name with a slash is the path itself. Any other name is the first on
/// PATH, in /usr/sbin and /sbin (which are often not on PATH), or in `directories`.
[[nodiscard]] std::optional<std::filesystem::path> find_program(
    const std::string& name, const std::vector<std::filesystem::path>& directories = {});

/// The shared libraries that a program is loaded with, its loader among them; none for one that
/// needs none. Throws MachineError.
[[nodiscard]] std::vector<std::filesystem::path> libraries_of(const std::filesystem::path& program);

/// True for the program that loads the others: `ld-linux-x86-64.so.2`.
[[nodiscard]] bool is_loader(const std::filesystem::path& library);

/// Returns the programs of this machine that a workload image includes, by their path in the image.
/// An image directory names them in `rehearsal-image.json`:
/// `{"programs": {"/hockeypuck/bin/hockeypuck": ["hockeypuck", "rehearsal-hockeypuck"]}}`. The
/// first program that find_program() finds is used. A path without any is left out.
///
/// Programs that work only with their own kind name a leader:
/// `"leader": "/hockeypuck/bin/hockeypuck"`. The position of the leader's program in its list is
/// then the position for all.
[[nodiscard]] std::map<std::string, std::filesystem::path> image_programs(
    const std::filesystem::path& image, const std::vector<std::filesystem::path>& directories);

}  // namespace rehearsal
