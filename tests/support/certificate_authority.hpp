// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace test {

/// A certificate authority for TLS in tests: its certificate is `<name>.crt` in its directory.
class CertificateAuthority {
 public:
  /// Makes a new one.
  CertificateAuthority(const std::filesystem::path& directory, const std::string& name);

  const std::filesystem::path& certificate() const { return certificate_; }

  /// Issues `<name>.crt` and `<name>.key` in the directory for these subject alternative names,
  /// written as openssl has them: "DNS:localhost", "IP:127.0.0.1".
  void issue(const std::string& name, const std::vector<std::string>& alternatives) const;

 private:
  std::filesystem::path directory_;
  std::filesystem::path certificate_;
  std::filesystem::path key_;
};

}  // namespace test
