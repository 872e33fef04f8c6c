// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace charm {

/// The key that signs the charm's requests to the keyserver.
struct AdminKeyReference {
  std::string secret;       ///< URI of the application's secret that holds the key.
  std::string fingerprint;  ///< 40 lower-case hexadecimal digits.
  /// SHA-256 of the certificate if an operator supplied the key; empty if the charm made it.
  std::string brought_certificate;

  [[nodiscard]] bool is_brought() const { return !brought_certificate.empty(); }

  bool operator==(const AdminKeyReference&) const = default;
};

/// A former admin key. The keyserver accepts its requests until the current key is known to work.
struct RetiredAdminKey {
  std::string fingerprint;
  /// Its certificate with a revocation, armored, to upload once the current key works. Empty if the
  /// key is an operator's, which is only dropped.
  std::string revocation;

  bool operator==(const RetiredAdminKey&) const = default;
};

/// The admin keys that the units of the application know.
struct AdminKeys {
  std::optional<AdminKeyReference> current;  ///< Absent: there is no admin key yet.
  std::vector<RetiredAdminKey> retired;

  bool operator==(const AdminKeys&) const = default;
};

/// A key that becomes the admin key once the keyserver accepts its requests.
struct NextAdminKey {
  std::string private_key;  ///< The armored secret key.
  std::string fingerprint;
  std::string brought_certificate;  ///< As in AdminKeyReference.

  bool operator==(const NextAdminKey&) const = default;
};

}  // namespace charm
