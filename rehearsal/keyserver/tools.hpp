// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/storage.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The parts of a program that runs while the keyserver does not.
struct ToolContext {
  const Configuration& configuration;
  Storage& storage;
  PrefixTree& tree;
  Log& log;
};

/// Opens the database and the tree, works, and closes the tree with Hockeypuck's words in the log,
/// which is always on standard error. The tree changes only at the end.
/// Its statistics file keeps the total of the beginning, as Hockeypuck's tools leave it. Throws
/// what opening them throws.
void run_tool(const Configuration& configuration,
              const std::function<void(const ToolContext&)>& work);

/// hockeypuck-pbuild: adds the digests of all keys of the database to the tree. Takes none out.
void build_tree(const ToolContext& context);

/// hockeypuck-load: stores the keys of files, which are OpenPGP packets without armor, and adds
/// their digests to the tree.
///
/// Each name is a pattern (glob(7)). Faults of a file or a key are in the log and never an error of
/// the program. A file that cannot be read to its end counts for nothing. So does a key
/// whose fingerprint is in the database: version 2.3.3 means to merge it and does not. Files of
/// 3500 keys and more are inserted at once, or else one by one like the others; then after more
/// than a hundred errors the rest of the file is left out.
void load_keys(const ToolContext& context, const std::vector<std::string>& patterns);

}  // namespace rehearsal::keyserver
