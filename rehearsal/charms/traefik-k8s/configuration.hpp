// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace traefik {

/// Traefik's static configuration, and the charm's errors about it.
struct StaticConfiguration {
  nlohmann::json value;
  std::vector<std::string> conflicts;  ///< Why the blocks of some relations were dropped.
};

/// An entry point whose address is not `:port`. It blocks the charm in the hook that brings it.
/// Every later hook fails.
struct BadAddress : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Merges the static blocks of all relations, in order, into the charm's own configuration. Each
/// entry point is also added separately, so that it outlives a dropped block. Throws charm::Error
/// if the charm's hook fails.
[[nodiscard]] StaticConfiguration merge_static(const std::vector<nlohmann::json>& blocks);

/// Returns ports by the name of the entry point.
[[nodiscard]] std::map<std::string, int> entry_points(const nlohmann::json& configuration);

/// The directory of Traefik's file provider: dynamic configurations by file name.
using Files = std::map<std::string, nlohmann::json>;

/// `juju_ingress_<endpoint>_<id>_<app>.yaml`
[[nodiscard]] std::string file_name(const std::string& endpoint, int relation,
                                    const std::string& app);

/// Whether the file belongs to that relation.
[[nodiscard]] bool is_of_relation(const std::string& file, int relation);

/// The result of loading the directory.
struct Loaded {
  nlohmann::json value = nlohmann::json::object();
  std::string refused;                ///< The reason why nothing is loaded; empty otherwise.
  std::vector<std::string> problems;  ///< Files that were left out.
};

/// Merges the files in the order of their names. One bad file rejects all of them. A file that
/// repeats another file's name of a router or service is left out.
[[nodiscard]] Loaded load(const Files& files);

}  // namespace traefik
