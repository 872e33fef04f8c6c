// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

/// Names of the files in a directory of dumped keys.
namespace key_dump {

inline constexpr std::string_view checksums = "SHA256SUMS";
/// Exists while a dump is being written.
inline constexpr std::string_view unfinished = "hkp-dump.unfinished";

}  // namespace key_dump

/// A file of keys that the parameters of load-keys name.
struct KeySource {
  std::string name;    ///< A path in the workload container, or a URL.
  std::string sha256;  ///< Empty if no checksum was given.
  bool is_url = false;
  std::string state;  ///< Size and date of the file.
};

/// Returns the files that the parameters `files` or `urls` name. Replaces a directory with its
/// files. Throws Failure.
[[nodiscard]] std::vector<KeySource> key_sources(const Parameters& parameters,
                                                 const pebble::Client& pebble);

/// Returns the same text for the same files, and a different one for other files.
[[nodiscard]] std::string identity_of(const std::vector<KeySource>& sources);

/// Reads or downloads one file, and compares its checksum. Throws charm::Error with the reason.
[[nodiscard]] std::string content_of(const KeySource& source, ActionContext& context);

}  // namespace charm::actions
