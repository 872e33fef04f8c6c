// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace rehearsal {

/// Where a unit's files come from.
struct UnitSource {
  std::filesystem::path charm;      ///< The charm's folder.
  std::string charm_url;            ///< By which Juju knows the charm.
  std::filesystem::path hook_tool;  ///< The program behind every hook tool.
};

/// Lays out what Juju puts into a new charm container: the charm, and the hook tools. All of it
/// belongs to `user`. `root` is the container's root as a path of this machine.
void lay_out_unit(const std::filesystem::path& root, const std::string& unit, uid_t user,
                  const UnitSource& source);

/// Copies a file resource where resource-get says it is; returns that path as the charm sees it.
std::string lay_out_resource(const std::filesystem::path& root, const std::string& unit, uid_t user,
                             const std::string& name, const std::filesystem::path& file);

}  // namespace rehearsal
