// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm_identity.hpp"

#include "charm/domain/text.hpp"

#include <fstream>

namespace charm {

namespace {

constexpr std::size_t longest_line = 200;

/// Empty where there is no such file.
std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return single_line(line, longest_line);
}

}  // namespace

actions::CharmIdentity charm_identity(const std::filesystem::path& charm_directory) {
  return {.url = first_line(charm_directory / ".juju-charm"),
          .version = first_line(charm_directory / "version")};
}

}  // namespace charm
