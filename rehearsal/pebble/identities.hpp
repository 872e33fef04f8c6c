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

/// The word for it in an identity.
[[nodiscard]] std::string to_string(Access access);

/// A user of this machine and what they may do.
struct LocalIdentity {
  uid_t user = 0;
  Access access = Access::untrusted;
};

/// Who the callers on the socket are.
class Identities {
 public:
  /// Reads a file as `pebble run --identities` takes it. Throws std::runtime_error.
  void load(const std::filesystem::path& file);

  /// A named identity's access; else admin for root and for the agent's own user; else read.
  Access of(uid_t user) const;

  [[nodiscard]] const std::map<std::string, LocalIdentity>& all() const { return by_name_; }

 private:
  std::map<std::string, LocalIdentity> by_name_;
};

}  // namespace rehearsal::pebble
