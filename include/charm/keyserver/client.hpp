// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/keyserver/statistics.hpp"

#include <cstddef>
#include <string>

namespace charm::keyserver {

/// The keyserver on this pod's loopback, spoken to in HKP as Hockeypuck 2.3 and 2.4 understand it.
/// No function throws.
class Client {
 public:
  static constexpr std::size_t longest_body = 1UL << 20U;

  explicit Client(int hkp_port, int metrics_port = 0) noexcept
      : port_(hkp_port), metrics_port_(metrics_port) {}

  virtual ~Client() = default;

  /// Looks keys up: `0x` and a fingerprint or key id, or words of a user id. 200 with an armored
  /// key block, 404 when there is none, 500 when the database fails.
  [[nodiscard]] virtual Answer get(const std::string& search) const;

  /// Looks for a key in the machine-readable index (draft-shaw-openpgp-hkp-00, section 5.2),
  /// which stays short whatever others have added to the key, and shows a revocation; get()
  /// answers 200 for revoked keys too.
  [[nodiscard]] virtual StoredKey find(const std::string& fingerprint) const;

  /// Uploads an armored key. 200 also when the server ignores it: only find() tells.
  [[nodiscard]] virtual Answer add(const std::string& armor) const;

  /// Deletes the keys of `request` (the line `/pks/delete` and armored keys) with its armored
  /// detached signature by an administrator. 404: one of the keys is not there, and those behind it
  /// were not looked at. 422: not such a signature, or the database is down. The signature is
  /// judged before the keys are looked for.
  [[nodiscard]] virtual Answer remove(const std::string& request,
                                      const std::string& signature) const;

  /// Asks for a key that cannot exist, waiting at most two seconds. Hockeypuck answers 404 when its
  /// database was asked, 500 when the database failed; its own health page answers 200 in both
  /// cases.
  [[nodiscard]] virtual KeyserverHealth health() const;

  /// The statistics page as JSON.
  [[nodiscard]] virtual Answer statistics() const;

  /// Returns the version that the keyserver says it is, from its statistics page, or an empty
  /// string while it does not answer within two seconds.
  [[nodiscard]] virtual std::string version() const;

  /// Returns the keyserver's metrics; empty ones while they do not come within two seconds.
  [[nodiscard]] virtual Metrics metrics() const;

 private:
  int port_;
  int metrics_port_;
};

}  // namespace charm::keyserver
