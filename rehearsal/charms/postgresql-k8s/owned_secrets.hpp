// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/juju/command_runner.hpp"

#include <string>
#include <vector>

namespace postgresql {

/// The hook tools that only the owner of a secret needs, and the rehearsal's own tool for services.
/// Content goes by a file that only we can read, never by argument. Throws charm::Error.
class OwnerTools {
 public:
  explicit OwnerTools(charm::juju::CommandRunner& runner) : runner_(&runner) {}

  /// Makes a secret of the application and returns its URI.
  [[nodiscard]] std::string secret_add(const charm::Databag& content) const;
  /// Replaces the content: a new revision, which Juju tells to those who have read the secret.
  void secret_set(const std::string& uri, const charm::Databag& content) const;
  void secret_grant(const std::string& uri, int relation) const;
  void secret_remove(const std::string& uri) const;
  /// One revision that nobody reads any more.
  void secret_remove(const std::string& uri, int revision) const;

  /// Lets the Kubernetes service `name` lead to this unit. At once, not at the end of the hook.
  void point_service(const std::string& name, const std::string& unit) const;

 private:
  std::string run(const std::vector<std::string>& argv) const;

  charm::juju::CommandRunner* runner_;
};

}  // namespace postgresql
