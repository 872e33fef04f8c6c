// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <string>
#include <vector>

namespace charm::actions {

/// A file of keys that load-keys was told of.
struct KeySource {
  std::string name;    ///< A path in the workload container, or a URL.
  std::string sha256;  ///< Empty when nobody told.
  bool is_url = false;
  std::string state;  ///< Of a file, what changes when it is written: its size and date.
};

/// The files that the parameters `files` or `urls` name, directories unfolded. Throws Failure.
[[nodiscard]] std::vector<KeySource> key_sources(const ActionContext& context);

/// The same for the same files, and another for any others.
[[nodiscard]] std::string identity_of(const std::vector<KeySource>& sources);

/// Reads or fetches one, and compares its checksum. Throws charm::Error with the reason.
[[nodiscard]] std::string content_of(const ActionContext& context, const KeySource& source);

}  // namespace charm::actions
