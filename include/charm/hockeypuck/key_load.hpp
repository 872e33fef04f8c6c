// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/domain/plan.hpp"
#include "charm/options/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Loading keys past the keyserver, by hockeypuck-load. What is below `directory` belongs to one
/// load and goes with its end; it is on the storage, so that a load can be gone on with in another
/// pod.
namespace charm::key_load {

inline constexpr std::string_view service = "key-load";
inline constexpr std::string_view layer_label = "key-load";
inline constexpr std::string_view directory = "/hockeypuck/data/key-load";
/// What the load is to do, and what it has done so far.
inline constexpr std::string_view job_path = "/hockeypuck/data/key-load/job.json";

/// The directories and files that the program needs to reach this database. It writes a prefix tree
/// of its own, which nobody reads: the keyserver's is locked while that serves.
[[nodiscard]] KeyLoadPlan plan(const Settings& settings, const Database& database);

/// A file that the program may read.
[[nodiscard]] File readable_file(const std::string& name, std::string content);

/// Whether hockeypuck-load takes the path as it stands: it reads it as a pattern.
[[nodiscard]] bool is_plain_path(std::string_view path);

/// The service that loads these files, for Pebble. It ends by itself.
[[nodiscard]] Layer layer(const std::vector<std::string>& paths);

}  // namespace charm::key_load
