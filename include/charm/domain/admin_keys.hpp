// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace charm {

/// The key that signs the charm's requests to the keyserver.
struct AdminKeyReference {
  std::string secret;       ///< URI of the secret of this application that holds it.
  std::string fingerprint;  ///< 40 lower-case hexadecimal digits.
  /// SHA-256 of its certificate when an operator brought it; empty when the charm made it.
  std::string brought_certificate;

  [[nodiscard]] bool is_brought() const { return !brought_certificate.empty(); }

  bool operator==(const AdminKeyReference&) const = default;
};

/// A key that signed before. The keyserver takes its requests until the one in use is known to
/// work.
struct RetiredAdminKey {
  std::string fingerprint;
  /// Its certificate with a revocation, armored, to be uploaded then. Empty when the key is an
  /// operator's, which is only dropped.
  std::string revocation;

  bool operator==(const RetiredAdminKey&) const = default;
};

/// What the units of the application know of their admin keys.
struct AdminKeys {
  std::optional<AdminKeyReference> current;  ///< Absent: there is none yet.
  std::vector<RetiredAdminKey> retired;

  bool operator==(const AdminKeys&) const = default;
};

/// A key that is to be the admin key from when the keyserver takes requests of it.
struct NextAdminKey {
  std::string private_key;  ///< Armored.
  std::string fingerprint;
  std::string brought_certificate;  ///< As of AdminKeyReference.

  bool operator==(const NextAdminKey&) const = default;
};

}  // namespace charm
