// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal {

/// The programs that pods are made with.
struct ClusterPrograms {
  std::filesystem::path pebble;  ///< PID 1 of workload containers.
  std::filesystem::path pause;   ///< PID 1 of the model's node and of charm containers.
  /// Where image programs that are not on PATH are looked for, in this order.
  std::vector<std::filesystem::path> directories;

  bool operator==(const ClusterPrograms&) const = default;
};

/// Finds the programs: `pebble` on PATH, else the rehearsal's own `rehearsal-pebble`. The
/// rehearsal's own programs stand in `directory` or, as in a build tree, in the folders beside it
/// (`directory/../pebble`, `../keyserver`, `../loki`, `../pods`). Throws MachineError naming what
/// is missing.
[[nodiscard]] ClusterPrograms find_programs(const std::filesystem::path& directory);

/// Finds an executable: the path itself when it has a slash, else the first of that name on PATH,
/// in /usr/sbin and /sbin (which PATH often lacks), or in `directories`.
[[nodiscard]] std::optional<std::filesystem::path> find_program(
    const std::string& name, const std::vector<std::filesystem::path>& directories = {});

/// The shared libraries that a program is loaded with, its loader among them; none for one that
/// needs none. Throws MachineError.
[[nodiscard]] std::vector<std::filesystem::path> libraries_of(const std::filesystem::path& program);

/// True for the program that loads the others: `ld-linux-x86-64.so.2`.
[[nodiscard]] bool is_loader(const std::filesystem::path& library);

/// The programs of this machine that a workload image takes in, by their path in the image.
/// An image directory names them in `rehearsal-image.json`:
/// `{"programs": {"/hockeypuck/bin/hockeypuck": ["hockeypuck", "rehearsal-hockeypuck"]}}`: the
/// first that find_program() knows; a path for which there is none is left out. Programs that only
/// work with their own kind name a leader, `"leader": "/hockeypuck/bin/hockeypuck"`: the place in
/// the list where that one was found is the place for all.
[[nodiscard]] std::map<std::string, std::filesystem::path> image_programs(
    const std::filesystem::path& image, const std::vector<std::filesystem::path>& directories);

}  // namespace rehearsal
