// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace test {

/// What an image for a test is made from. Paths of the image are absolute.
struct ImageContent {
  std::map<std::string, std::filesystem::path> programs;  ///< With their shared libraries.
  std::map<std::string, std::string> texts;               ///< Files.
  std::map<std::string, std::filesystem::path> folders = {};
  std::map<std::string, std::string> links = {};
};

/// Packs an image as upstream's Dockerfile describes its own: the user is root, the entry point is
/// /hockeypuck/bin/startup.sh, DEBIAN_FRONTEND is set, and the working directory is /hockeypuck.
/// A shell and a few programs are in it, and /etc/passwd knows only root. Returns the image's name,
/// `oci:DIR:TAG`. Throws std::runtime_error with umoci's words.
std::string pack_image(const std::filesystem::path& folder, const ImageContent& content);

}  // namespace test
