// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace postgresql {

/// Where backups are: on the storage, which stands for the S3 of the original.
inline constexpr const char* backup_directory = "/var/lib/postgresql/data/backups";

/// What the original calls a backup of that moment: `2026-11-27T08:47:12Z`.
[[nodiscard]] std::string backup_id(std::chrono::system_clock::time_point moment);

/// Copies the whole cluster, all its databases and roles, while it runs. Throws DatabaseError, also
/// when there is one of that id.
void make_backup(Database& database, const std::string& id);

/// The ids of all backups, oldest first.
[[nodiscard]] std::vector<std::string> backups(Database& database);

}  // namespace postgresql
