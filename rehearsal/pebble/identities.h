// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <sys/types.h>

namespace rehearsal::pebble {

/// What a local user may do.
enum class Access { untrusted, metrics, read, admin };

/// Who the callers on the socket are.
class Identities {
 public:
  /// Reads a file as `pebble run --identities` takes it. Throws std::runtime_error.
  void load(const std::filesystem::path& file);

  /// A named identity's access; else admin for root and for the agent's own user; else read.
  Access of(uid_t user) const;

 private:
  std::map<uid_t, Access> by_user_;
};

}  // namespace rehearsal::pebble
