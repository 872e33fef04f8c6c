// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <string>

namespace charm::juju {

/// The content of a secret on its way to Juju. The agent, not the hook tool, reads it, so that
/// standard input does not serve; an argument could be read by every process of the pod. The file
/// is ours alone (mode 0600) and is gone with the object.
class ContentFile {
 public:
  /// Throws std::system_error when it cannot be written.
  explicit ContentFile(const Databag& content);
  ContentFile(const ContentFile&) = delete;
  ContentFile& operator=(const ContentFile&) = delete;
  ~ContentFile();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace charm::juju
