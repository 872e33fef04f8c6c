// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/domain/plan.hpp"
#include "charm/options/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Loads keys with hockeypuck-load, without the keyserver. All files below `directory` belong to
/// one load and are removed at its end. They are on the storage, so that a different pod can
/// continue the load.
namespace charm::key_load {

inline constexpr std::string_view service = "key-load";
inline constexpr std::string_view layer_label = "key-load";
inline constexpr std::string_view directory = "/hockeypuck/data/key-load";
/// The parameters of the load, and its progress so far.
inline constexpr std::string_view job_path = "/hockeypuck/data/key-load/job.json";

/// The directories and files that the program needs to reach this database. It writes its own
/// prefix tree, which no program reads. A running keyserver locks the real one.
[[nodiscard]] KeyLoadPlan plan(const Settings& settings, const Database& database);

/// A file that the program can read.
[[nodiscard]] File readable_file(const std::string& name, std::string content);

/// Whether hockeypuck-load reads the path literally. It reads a path as a pattern.
[[nodiscard]] bool is_plain_path(std::string_view path);

/// The Pebble service that loads these files. It ends when all files are loaded.
[[nodiscard]] Layer layer(const std::vector<std::string>& paths);

}  // namespace charm::key_load
