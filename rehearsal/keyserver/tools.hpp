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

/// The parts of a program that runs while the keyserver is stopped.
struct ToolContext {
  const Configuration& configuration;
  Storage& storage;
  PrefixTree& tree;
  Log& log;
};

/// Opens the database and the tree, works, and closes the tree. The log has Hockeypuck's messages
/// and is always standard error. The tree changes only at the end. Its statistics file keeps the
/// total of the beginning, as Hockeypuck's tools leave it. Throws the exceptions of opening them.
void run_tool(const Configuration& configuration,
              const std::function<void(const ToolContext&)>& work);

/// hockeypuck-pbuild: adds the digests of all keys of the database to the tree. Removes none.
void build_tree(const ToolContext& context);

/// hockeypuck-load: stores the keys of files, which are OpenPGP packets without armor, and adds
/// their digests to the tree.
///
/// Each name is a pattern (glob(7)). The log has the faults of files and keys, which are never an
/// error of the program. An unreadable file is skipped. So is a key whose fingerprint is in the
/// database: version 2.3.3 is meant to merge it and does not.
///
/// The keys of a file with 3500 or more are inserted together. If that fails, they are inserted one
/// by one, like those of other files. After more than a hundred errors the rest of the file is
/// skipped.
void load_keys(const ToolContext& context, const std::vector<std::string>& patterns);

}  // namespace rehearsal::keyserver
