// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace charm {

/// The keys that the database accepts: the option `uploads`.
enum class Uploads {
  all,
  updates,  ///< Only changes of stored keys.
  none,
};

/// What the database accepts, from every source. Valid C++17, because the layer `postgres` includes
/// it.
struct UploadPolicy {
  Uploads uploads = Uploads::all;
  std::vector<std::string> accepted;  ///< Fingerprints of keys that are accepted nevertheless.
};

inline bool operator==(const UploadPolicy& left, const UploadPolicy& right) {
  return left.uploads == right.uploads && left.accepted == right.accepted;
}

/// The digest of the policy that this unit last put into the database. The file does not exist
/// during a change: a dispatch can be killed before Juju stores its memory.
inline constexpr std::string_view uploads_path = "/hockeypuck/data/prefix-tree/uploads.sha256";

/// Returns the value of the option.
[[nodiscard]] constexpr const char* to_string(Uploads uploads) {
  switch (uploads) {
    case Uploads::all:
      break;
    case Uploads::updates:
      return "updates";
    case Uploads::none:
      return "none";
  }
  return "all";
}

}  // namespace charm
