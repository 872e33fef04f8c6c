// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/certificates.hpp"

#include <string>
#include <string_view>

/// Where the workload's programs find the certificates that the charm received. Go's crypto/x509
/// reads every file of this directory on Linux, in addition to the image's own bundle.
namespace charm::trust {

inline constexpr std::string_view directory = "/etc/ssl/certs";
inline constexpr std::string_view path = "/etc/ssl/certs/hockeypuck-k8s.pem";

/// The content of the file; empty where there must be none.
[[nodiscard]] inline std::string bundle(const Certificates& certificates) {
  std::string text;
  for (const std::string& certificate : certificates) {
    text += certificate;
  }
  return text;
}

}  // namespace charm::trust
