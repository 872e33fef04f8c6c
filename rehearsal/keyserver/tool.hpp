// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/storage.hpp"

#include <functional>

namespace rehearsal::keyserver {

/// What a program works with that runs while the keyserver does not.
struct ToolContext {
  const Configuration& configuration;
  Storage& storage;
  PrefixTree& tree;
  Log& log;
};

/// Opens the database and the tree, works, and closes the tree with Hockeypuck's words in the log,
/// which goes to standard error whatever the configuration says. The tree changes only at the end.
/// Its statistics file keeps the total of the beginning, as Hockeypuck's tools leave it. Throws
/// what opening them throws.
void run_tool(const Configuration& configuration,
              const std::function<void(const ToolContext&)>& work);

/// hockeypuck-pbuild: adds the digests of all keys of the database to the tree. Takes none out.
void build_tree(const ToolContext& context);

}  // namespace rehearsal::keyserver
