// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace postgresql {

/// A certificate and its private key, both PEM.
struct KeyPair {
  std::string certificate;
  std::string key;
};

/// Makes a self-signed certificate authority with a P-256 key, valid for ten years.
[[nodiscard]] KeyPair make_authority(const std::string& name);

/// Makes a server certificate signed by `authority`. `names` are subject alternative names as
/// OpenSSL writes them: `DNS:db.example`, `IP:10.1.0.5`.
[[nodiscard]] KeyPair make_server_certificate(const KeyPair& authority,
                                              const std::vector<std::string>& names);

/// True when the certificate has these names and the authority signed it.
[[nodiscard]] bool certificate_is_for(const std::string& certificate, const KeyPair& authority,
                                      const std::vector<std::string>& names);

/// A random password of letters and digits.
[[nodiscard]] std::string random_password();

}  // namespace postgresql
