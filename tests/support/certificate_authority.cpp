// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificate_authority.hpp"

#include "tests/support/child_process.hpp"

#include <stdexcept>

namespace fs = std::filesystem;

namespace test {

namespace {

void openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const CommandResult result = run({.arguments = std::move(arguments)});
  if (result.status != 0) {
    throw std::runtime_error("openssl: " + result.error);
  }
}

}  // namespace

void make_authority(const fs::path& folder, const std::string& name) {
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
           "-keyout", folder / (name + ".key"), "-out", folder / (name + ".crt"), "-days", "2",
           "-subj", "/CN=Test certificate authority"});
}

void make_server_certificate(const fs::path& folder, const std::vector<std::string>& names) {
  std::string extension = "subjectAltName=";
  for (const std::string& name : names) {
    extension += (extension.ends_with('=') ? "" : ",") + name;
  }
  openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
           folder / "server.key", "-out", folder / "server.csr", "-subj", "/CN=server", "-addext",
           extension});
  openssl({"x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.crt", "-CAkey",
           folder / "ca.key", "-copy_extensions", "copy", "-days", "2", "-out",
           folder / "server.crt"});
}

}  // namespace test
