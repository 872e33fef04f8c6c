// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/tool.hpp"

#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// hockeypuck-load: stores the keys of files, which are OpenPGP packets without armor, and adds
/// their digests to the tree.
///
/// Each name is a pattern (glob(7)). What is wrong with a file or a key is in the log and never an
/// error of the program. A file that cannot be read to its end counts for nothing. So does a key
/// whose fingerprint is in the database: version 2.3.3 means to merge it and does not. Files of
/// 3500 keys and more are inserted at once, or else one by one like the others; then after more
/// than a hundred errors the rest of the file is left out.
void load_keys(const ToolContext& context, const std::vector<std::string>& patterns);

}  // namespace rehearsal::keyserver
