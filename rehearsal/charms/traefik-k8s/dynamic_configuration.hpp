// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace traefik {

/// The directory of Traefik's file provider: dynamic configurations by file name.
using Files = std::map<std::string, nlohmann::json>;

/// `juju_ingress_<endpoint>_<id>_<app>.yaml`
[[nodiscard]] std::string file_name(const std::string& endpoint, int relation,
                                    const std::string& app);

/// Whether the file is of that relation.
[[nodiscard]] bool is_of_relation(const std::string& file, int relation);

/// What Traefik makes of the directory.
struct Loaded {
  nlohmann::json value = nlohmann::json::object();
  std::string refused;                ///< Why nothing at all is loaded; empty otherwise.
  std::vector<std::string> problems;  ///< Files that were left out.
};

/// Merges the files in the order of their names. One bad file is enough to refuse all of them; one
/// with a name that another has already is left out.
[[nodiscard]] Loaded load(const Files& files);

}  // namespace traefik
