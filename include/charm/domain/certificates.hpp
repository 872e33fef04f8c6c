// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/databag.hpp"

#include <set>
#include <string>
#include <string_view>

namespace charm {

/// X.509 certificates, each as PEM (RFC 7468) in the form that OpenSSL writes.
using Certificates = std::set<std::string>;

/// Reads PEM text of one or more certificates and ignores other text between them. Throws
/// InputError if there is no certificate, or if one is malformed.
[[nodiscard]] Certificates read_pem_certificates(std::string_view pem);

/// How the charm reaches other servers.
struct Egress {
  Databag proxies;            ///< `JUJU_CHARM_*_PROXY` values that are set.
  Certificates certificates;  ///< Trusted in addition to the system's certificates.

  bool operator==(const Egress&) const = default;
};

}  // namespace charm

/// The place where the workload's programs find the certificates that the charm received. On Linux,
/// Go's crypto/x509 reads every file of this directory, in addition to the image's own bundle.
namespace charm::trust {

inline constexpr std::string_view directory = "/etc/ssl/certs";
inline constexpr std::string_view path = "/etc/ssl/certs/hockeypuck-k8s.pem";

/// The content of the file; empty if there must be no file.
[[nodiscard]] inline std::string bundle(const Certificates& certificates) {
  std::string text;
  for (const std::string& certificate : certificates) {
    text += certificate;
  }
  return text;
}

}  // namespace charm::trust
