// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/controller.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/machine.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal {

/// Returns the pod of a unit for the machine.
[[nodiscard]] PodSpec pod_spec(const Model& model, const Unit& unit, const ControllerFiles& files);

/// Adds units to an application until it has `scale`. A new unit gets new storage, or the volumes
/// that an earlier unit of that number left.
void add_units(Model& model, const std::string& app, int scale);

/// Returns the next address on the model's bridge.
[[nodiscard]] std::string next_address(Model& model);

/// A resource of type file.
struct FileResource {
  std::string name;
  std::filesystem::path file;  ///< The operator's file.
  std::string place;           ///< The path in the charm container.
};

/// The sources of a unit's files.
struct UnitSource {
  std::filesystem::path charm;      ///< The charm's folder.
  std::string charm_url;            ///< Juju's URL for the charm.
  std::filesystem::path hook_tool;  ///< The program behind every hook tool.
  std::vector<FileResource> resources = {};
};

/// Returns the file resources of a unit whose file exists.
[[nodiscard]] std::vector<FileResource> file_resources(const Application& app,
                                                       const std::string& unit);

/// Writes Juju's files for a new charm container: the charm, the hook tools and the resources.
/// `user` owns all of them. `root` is the container's root as a path of this machine.
void lay_out_unit(const std::filesystem::path& root, const std::string& unit, uid_t user,
                  const UnitSource& source);

}  // namespace rehearsal
