// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificate_authority.hpp"

#include "tests/support/child_process.hpp"

#include <stdexcept>

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

CertificateAuthority::CertificateAuthority(const std::filesystem::path& directory,
                                           const std::string& name)
    : directory_(directory),
      certificate_(directory / (name + ".crt")),
      key_(directory / (name + ".key")) {
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
           "-keyout", key_, "-out", certificate_, "-days", "2", "-subj",
           "/CN=Test certificate authority"});
}

void CertificateAuthority::issue(const std::string& name,
                                 const std::vector<std::string>& alternatives) const {
  std::string extension = "subjectAltName=";
  for (const std::string& alternative : alternatives) {
    extension += (extension.ends_with('=') ? "" : ",") + alternative;
  }
  const std::filesystem::path request = directory_ / (name + ".csr");
  openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
           directory_ / (name + ".key"), "-out", request, "-subj", "/CN=" + name, "-addext",
           extension});
  openssl({"x509", "-req", "-in", request, "-CA", certificate_, "-CAkey", key_, "-copy_extensions",
           "copy", "-days", "2", "-out", directory_ / (name + ".crt")});
}

}  // namespace test
