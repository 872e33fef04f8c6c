// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace test {

/// A new empty directory under the system's temporary directory; the destructor removes it with its
/// contents. The name is short: unix socket paths in it must stay below 108 characters.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& prefix);

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace test
