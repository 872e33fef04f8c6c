// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace rehearsal {

/// An image as Kubernetes uses it under Juju: its root, its environment and its working directory.
/// Juju replaces the entry point by Pebble and the user by root.
struct Image {
  std::filesystem::path root;
  std::map<std::string, std::string> environment;
  std::string directory = "/";
};

/// True for a folder that has `rehearsal-image.json`: it only adds to the machine's own programs.
[[nodiscard]] bool shares_machine(const std::filesystem::path& folder);

/// Reads a folder that is a whole image: an OCI bundle (`config.json` and `rootfs`), or the root
/// itself. Throws MachineError if `config.json` does not belong to a bundle.
[[nodiscard]] Image read_image(const std::filesystem::path& folder);

/// Returns the folder from which a container's root is made. `given` is that folder, or an image
/// that skopeo can copy: `ghcr.io/hockeypuck/hockeypuck:2.3.3`, `oci:DIR:TAG`,
/// `docker-archive:FILE`. Such an image is unpacked with umoci into a folder of `cache` named by
/// its digest, unless it is there. Throws MachineError in one sentence.
[[nodiscard]] std::filesystem::path provide_image(const std::string& given,
                                                  const std::filesystem::path& cache);

}  // namespace rehearsal
